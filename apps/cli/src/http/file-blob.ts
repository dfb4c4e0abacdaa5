import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';

/** A file to send, read from the disk as it goes; undefined when it cannot be opened. */
export async function fileBlob(path: string): Promise<Blob | undefined> {
  try {
    return (await stat(path)).isFile() ? await openAsBlob(path) : undefined;
  } catch {
    return undefined;
  }
}
