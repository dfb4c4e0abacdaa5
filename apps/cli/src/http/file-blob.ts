import { openAsBlob } from 'node:fs';

/** A file to send, read from the disk as it goes; undefined when it cannot be opened. */
export async function fileBlob(path: string): Promise<Blob | undefined> {
  try {
    return await openAsBlob(path);
  } catch {
    return undefined;
  }
}
