import { openAsBlob } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { UnreadableFile } from '../errors.ts';

/** A file to send, read from the disk as it goes. Throws `UnreadableFile`. */
export async function fileBlob(path: string): Promise<Blob> {
  try {
    if (!(await stat(path)).isFile()) throw new UnreadableFile('It is no file.');
    // The blob opens it only when it is sent, and does not tell why it cannot.
    await (await open(path)).close();
    return await openAsBlob(path);
  } catch (error) {
    throw error instanceof UnreadableFile ? error : new UnreadableFile(whyUnreadable(error));
  }
}

/** What a file or folder that cannot be read lacks, as a sentence. */
export function whyUnreadable(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  return sentences[code] ?? `It cannot be read (${code}).`;
}

const sentences: Readonly<Record<string, string>> = {
  EACCES: 'You have no permission to read it.',
  EPERM: 'You have no permission to read it.',
  ENOENT: 'It is not there.',
};
