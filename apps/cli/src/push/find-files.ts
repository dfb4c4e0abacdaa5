import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { CliError } from '../errors.ts';
import { whyUnreadable } from '../http/file-blob.ts';
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

export interface Found {
  readonly files: readonly FoundFile[];
  /** Entries of the folders that are no files: pipes, sockets, links out of the folder, to a folder, or nowhere. */
  readonly leftOut: number;
  readonly unreadable: readonly UnreadableFolder[];
}

/** A folder below a given path that nothing can be taken from. */
export interface UnreadableFolder {
  /** Absolute. */
  readonly path: string;
  /** As those of files. */
  readonly name: string;
  /** A sentence. */
  readonly why: string;
}

/** All files of the given paths, folders included, by name. Names are paths from `cwd`; of what lies elsewhere, from the folder above it. */
export async function findFiles(paths: readonly string[], options: FindOptions): Promise<Found> {
  const found = new Map<string, FoundFile>();
  const leftOut = new Set<string>();
  const unreadable = new Map<string, UnreadableFolder>();
  for (const path of paths) {
    const start = resolve(options.cwd, path);
    const base = baseOf(start, options.cwd);
    for await (const { file, leftOut: out, unreadable: why } of walk(start, path, options.hidden)) {
      const name = options.prefix + relative(base, file).split(sep).join('/');
      if (why) unreadable.set(file, { path: file, name, why });
      else if (out) leftOut.add(file);
      else found.set(file, { path: file, name, id: documentIdOf(name) });
    }
  }
  return {
    files: unique([...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1))),
    leftOut: [...leftOut].filter((file) => !found.has(file)).length,
    unreadable: [...unreadable.values()],
  };
}

/** The folder that names are relative to. */
function baseOf(start: string, cwd: string): string {
  return leadsOut(relative(cwd, start)) ? dirname(start) : cwd;
}

interface Walked {
  readonly file: string;
  /** No file, or a link that is not followed. */
  readonly leftOut?: boolean;
  /** A folder, and why it cannot be read. */
  readonly unreadable?: string;
}

async function* walk(path: string, shown: string, hidden: boolean): AsyncGenerator<Walked> {
  const stats = await stat(path).catch(() => {
    throw new CliError(`${shown} cannot be read. Is the path right?`);
  });
  if (stats.isFile()) yield { file: path };
  else if (stats.isDirectory()) yield* walkFolder(path, await realpath(path), hidden);
  else throw new CliError(`${shown} is neither a file nor a folder.`);
}

/** @param root the pushed folder itself, without links in its path */
async function* walkFolder(folder: string, root: string, hidden: boolean): AsyncGenerator<Walked> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(whyUnreadable);
  if (typeof entries === 'string') {
    yield { file: folder, unreadable: entries };
    return;
  }
  for (const entry of entries) {
    if (!hidden && entry.name.startsWith('.')) continue;
    const file = join(folder, entry.name);
    if (entry.isDirectory()) yield* walkFolder(file, root, hidden);
    else if (entry.isFile()) yield { file };
    else yield { file, leftOut: !(entry.isSymbolicLink() && (await leadsToFileIn(root, file))) };
  }
}

/** A link out of the folder could send what nobody meant to push; one to a folder may lead in circles. */
async function leadsToFileIn(root: string, link: string): Promise<boolean> {
  try {
    const target = await realpath(link);
    return !leadsOut(relative(root, target)) && (await stat(target)).isFile();
  } catch {
    return false;
  }
}

const leadsOut = (path: string): boolean => isAbsolute(path) || path.split(sep)[0] === '..';

function unique(files: FoundFile[]): readonly FoundFile[] {
  const twin = files.find(({ id }, at) => id === files[at + 1]?.id);
  if (twin)
    throw new CliError(
      `Two files would get the id ${twin.id}. Push ${basename(dirname(twin.path))}/ by itself, with a --prefix.`,
    );
  return files;
}
