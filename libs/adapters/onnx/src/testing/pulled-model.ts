import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { modelsDir } from '@millrace/testing';
import type { CatalogueEntry } from '../catalogue/entry.ts';

/** For specs: the folder of a pulled model, or undefined, and then what needs it is reported as skipped. */
export function pulledModel({ name, files }: CatalogueEntry): string | undefined {
  const dir = fileURLToPath(new URL(`${name}/`, modelsDir));
  return files.every((file) => existsSync(dir + file.name)) ? dir : undefined;
}

/** For specs: why a test that needs the model was not run. */
export const notPulled = ({ name }: CatalogueEntry): string =>
  `the model ${name} is not there: npm run millrace -- models pull ${name}`;
