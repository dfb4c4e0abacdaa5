import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { modelsDir } from '@millrace/testing';
import type { CatalogueEntry } from '../catalogue/entry.ts';

/** For specs: the folder of a pulled model, or undefined, and then the suite is reported as skipped. */
export function pulledModel({ name, files }: CatalogueEntry): string | undefined {
  const dir = fileURLToPath(new URL(`${name}/`, modelsDir));
  return files.every((file) => existsSync(dir + file.name)) ? dir : undefined;
}
