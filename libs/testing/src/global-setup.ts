import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Bundles once before any test: adapters run their workers from `dist/workers`. */
export default function setup(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../../tools/build/main.mjs', import.meta.url))], {
    stdio: 'inherit',
  });
}
