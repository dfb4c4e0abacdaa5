import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Collections that are not ours to ship lie beside the checkout. */
const folder = resolve('../shared/data');

export const sharedData = (path: string): string => join(folder, path);

/** A reason to leave a measurement out, unless all of these are there. */
export const needsSharedData = (...paths: readonly string[]): string | undefined => {
  const missing = paths.filter((path) => !existsSync(sharedData(path)));
  return missing.length > 0 ? `needs ../shared/data/${missing.join(', ../shared/data/')}` : undefined;
};

export async function readJsonLines<T>(path: string): Promise<T[]> {
  const text = await readFile(sharedData(path), 'utf8');
  return text.split('\n').flatMap((line) => (line ? [JSON.parse(line) as T] : []));
}
