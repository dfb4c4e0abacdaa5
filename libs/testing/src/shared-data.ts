import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * A path in the real data that lies beside a checkout (`../shared/data`); undefined where it is absent: tests that
 * need it are then reported as not run (`describe.skipIf(!path)`).
 */
export function sharedData(path: string): string | undefined {
  const found = fileURLToPath(new URL(`../../../../shared/data/${path}`, import.meta.url));
  return existsSync(found) ? found : undefined;
}
