import { createHash } from 'node:crypto';
import { v7 as uuid } from 'uuid';

/**
 * Blobs of a document: `<tenant>/<hash of its id>/<folder>/<name>`. Every accepted push has a folder of its own, named
 * by a UUIDv7, whose time tells an erasure what was there before the delete.
 */
export const documentPrefix = (tenant: string, document: string): string =>
  `${tenant}/${createHash('sha256').update(document).digest('hex').slice(0, 32)}/`;

export interface NewFolder {
  readonly prefix: string;
  /** Epoch milliseconds in its name. */
  readonly at: number;
}

export function newFolder(tenant: string, document: string, at: number): NewFolder {
  return { prefix: `${documentPrefix(tenant, document)}${uuid({ msecs: at })}/`, at };
}

/** The folder that a blob lies in. */
export const folderOf = (key: string): string => key.slice(0, key.lastIndexOf('/') + 1);

/** When a folder was made, epoch milliseconds: the first 48 bits of its UUIDv7 (RFC 9562). */
export const folderTime = (folder: string): number => {
  const name = folder.split('/').at(-2) ?? '';
  return Number.parseInt(name.replaceAll('-', '').slice(0, 12), 16);
};

/** What a version's folder holds first of all; the registry knows it by this. */
export const sourceIn = (folder: string): string => `${folder}source.json`;
