import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogueEntry } from '@millrace/adapters/onnx';
import type { ModelPlaces } from './model-places.ts';
import type { ModelsRequest } from './models-request.ts';
import { megabytes, print, sizeOf } from './report.ts';

/** The catalogue, and what of it is on the disk. */
export async function list(places: ModelPlaces, { names, json }: ModelsRequest): Promise<number> {
  const models = (names.length === 0 ? places.known : places.entries(names)).map((entry) => ({
    name: entry.name,
    task: entry.task,
    licence: entry.licence,
    bytes: sizeOf(entry),
    there: isThere(entry, places),
    chosen: places.chosen.includes(entry),
  }));
  const width = Math.max(...models.map(({ name }) => name.length));
  print(json, { dir: places.modelsDir, models }, [
    ...models.map(({ name, task, licence, bytes, there, chosen }) =>
      [
        name.padEnd(width),
        task.padEnd(14),
        licence.padEnd(10),
        megabytes(bytes).padStart(9),
        there ? 'there' : 'not there',
        chosen ? '(in use by the settings)' : '',
      ]
        .join('  ')
        .trimEnd(),
    ),
    `Files are in ${places.modelsDir}`,
  ]);
  return 0;
}

const isThere = (entry: CatalogueEntry, places: ModelPlaces): boolean =>
  entry.files.every(({ name }) => existsSync(join(places.dirOf(entry), name)));
