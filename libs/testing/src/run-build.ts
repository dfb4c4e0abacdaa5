import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Bundles the sources into `dist/`, or only what the adapters run as processes and threads of their own. */
export function runBuild(what: 'everything' | 'workers'): void {
  const script = fileURLToPath(new URL('../../../tools/build/main.mjs', import.meta.url));
  execFileSync(process.execPath, [script, ...(what === 'workers' ? ['--workers'] : [])], {
    stdio: 'inherit',
  });
}
