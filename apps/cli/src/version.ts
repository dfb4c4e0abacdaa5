import { readFileSync } from 'node:fs';

/** As deep below the root of the package as this file: the bundle in `dist/apps/cli`. */
const manifest = new URL('../../../package.json', import.meta.url);

export const readVersion = (): string =>
  (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
