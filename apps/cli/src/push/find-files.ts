import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { CliError } from '../errors.ts';
import { documentIdOf } from './document-id.ts';

export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  /** What its id is made of: relative, with `/`, prefix included. */
  readonly name: string;
  readonly id: string;
}

export interface FindOptions {
  readonly cwd: string;
  /** Put before every name. */
  readonly prefix: string;
  /** Take files and folders whose name begins with a dot too. */
  readonly hidden: boolean;
}

/** All files of the given paths, folders included, by name. Names are paths from `cwd`; of what lies elsewhere, from the folder above it. */
export async function findFiles(paths: readonly string[], options: FindOptions): Promise<FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const path of paths) {
    const start = resolve(options.cwd, path);
    const base = baseOf(start, options.cwd);
    for await (const file of walk(start, path, options.hidden)) {
      const name = options.prefix + relative(base, file).split(sep).join('/');
      found.set(file, { path: file, name, id: documentIdOf(name) });
    }
  }
  return unique([...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1)));
}

/** The folder that names are relative to. */
export function baseOf(start: string, cwd: string): string {
  const fromHere = relative(cwd, start);
  const elsewhere = isAbsolute(fromHere) || fromHere.split(sep)[0] === '..';
  return elsewhere ? dirname(start) : cwd;
}

async function* walk(path: string, shown: string, hidden: boolean): AsyncGenerator<string> {
  const stats = await stat(path).catch(() => {
    throw new CliError(`${shown} cannot be read. Is the path right?`);
  });
  if (stats.isFile()) yield path;
  if (stats.isDirectory()) yield* walkFolder(path, hidden);
}

/** Links to files are followed, links to folders are not: they may lead in circles. */
async function* walkFolder(folder: string, hidden: boolean): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!hidden && entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walkFolder(path, hidden);
    else if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(path)))) yield path;
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );

function unique(files: FoundFile[]): FoundFile[] {
  const twin = files.find(({ id }, at) => id === files[at + 1]?.id);
  if (twin)
    throw new CliError(
      `Two files would get the id ${twin.id}. Push ${basename(dirname(twin.path))}/ by itself, with a --prefix.`,
    );
  return files;
}
