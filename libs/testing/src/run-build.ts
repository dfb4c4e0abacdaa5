import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Bundles the sources into `dist/`, or only what the adapters run as processes and threads of their own, unless all is
 * there already.
 */
export function runBuild(what: 'everything' | 'workers'): void {
  const script = fileURLToPath(new URL('../../../tools/build/main.mjs', import.meta.url));
  const args = ['--if-changed', ...(what === 'workers' ? ['--workers'] : [])];
  execFileSync(process.execPath, [script, ...args], { stdio: 'inherit' });
}
