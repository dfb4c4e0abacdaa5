import { closeSync, constants, fdatasync, fstatSync, fsync, open, openSync, readSync, write } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';

// To wake another thread for a call costs more than what the kernel answers from memory. So what never waits for the disk
// is asked at once (to open a folder, to close, to read a small file that was written a moment ago), and only what may
// wait is given to the thread pool.

const asynchronously = {
  open: promisify(open),
  write: promisify(write),
  fsync: promisify(fsync),
  fdatasync: promisify(fdatasync),
};

/** Read at once: about what the disk gives in one turn, should the file not be in memory any more. */
const smallBytes = 256 * 1024;

/** Rejects with what `refuse` throws at the file's size, in bytes. */
export async function readWhole(path: string, refuse: (size: number) => void): Promise<Uint8Array> {
  await nextTurn(); // whoever reads one file after the other leaves room for others
  const file = openSync(path, 'r');
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw Object.assign(new Error(`${path} is not a file`), { code: 'EISDIR' });
    const { size } = stats;
    refuse(size);
    if (size <= smallBytes) return readAll(file, size);
  } finally {
    closeSync(file);
  }
  return readFile(path);
}

function readAll(file: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size;) {
    const read = readSync(file, bytes, at, size - at, at);
    if (read === 0) return bytes.subarray(0, at);
    at += read;
  }
  return bytes;
}

/** Every write is on the disk before it is answered: one call less than to ask for it afterwards. Not on Windows. */
const syncedWrites = constants.O_DSYNC as number | undefined;

/** A new file, whose bytes are on the disk when it resolves. What it leaves when it rejects is the caller's. */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (syncedWrites ?? 0);
  const file = await asynchronously.open(path, flags);
  try {
    for (let at = 0; at < bytes.byteLength;)
      at += (await asynchronously.write(file, bytes, at, bytes.byteLength - at)).bytesWritten;
    if (syncedWrites === undefined) await asynchronously.fdatasync(file);
  } finally {
    closeSync(file);
  }
}

/** The folder's entries are on the disk when it resolves. */
export async function syncFolder(path: string): Promise<void> {
  const folder = openSync(path, 'r');
  try {
    await asynchronously.fsync(folder);
  } finally {
    closeSync(folder);
  }
}
