import { readdir, readFile } from 'node:fs/promises';
import { schemaFolder, schemaSuffix } from './references.ts';
import { breakingChanges } from './schema-evolution.ts';

/** Why a schema may not take the place of the one that lies there, or the one that lies there may not go. */
export async function refusedSchemas(next: ReadonlyMap<string, string>): Promise<string[]> {
  const files = (await readdir(schemaFolder).catch(() => [])).filter((file) => file.endsWith(schemaSuffix));
  const refusals = await Promise.all(files.map((file) => refusalsOf(`${schemaFolder}/${file}`, next)));
  return refusals.flat();
}

async function refusalsOf(path: string, next: ReadonlyMap<string, string>): Promise<string[]> {
  const text = next.get(path);
  if (text === undefined) return [`${path}: the event is no longer in the table`];
  const published = JSON.parse(await readFile(path, 'utf8')) as unknown;
  return breakingChanges(published, JSON.parse(text)).map((change) => `${path}: ${change}`);
}
