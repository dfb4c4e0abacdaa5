import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { engine } from '@millrace/testing';
import { engineData, startEngine, stopEngine } from '../outside/engines.ts';
import type { Fault } from './fault.ts';

const run = promisify(execFile);
const megabyte = 1024 * 1024;
/** Of the file system that the blobs lie on for the trial. */
const diskMegabytes = 256;

/** The disk of the S3 server runs full, and is given room again. */
export const fullDisk: Fault = {
  name: 's3 disk full',

  missing() {
    if (process.getuid?.() !== 0) return 'only root may mount a small file system';
    return existsSync(folder()) ? undefined : 'the S3 server does not run natively';
  },

  async prepare(trial) {
    await onOtherDisk(() => run('mount', ['-t', 'tmpfs', '-o', `size=${diskMegabytes}m`, 'tmpfs', folder()]));
    try {
      return await trial();
    } finally {
      await onOtherDisk(() => run('umount', [folder()]));
    }
  },

  async strike(ms) {
    const filler = join(folder(), 'filler');
    await fill(filler);
    await pause(ms);
    await rm(filler);
  },
};

const folder = (): string => engineData('s3');

/** Stops the server, changes what lies under its folder, and takes its files along. Where that fails, a copy stays aside. */
async function onOtherDisk(change: () => Promise<unknown>): Promise<void> {
  const aside = await mkdtemp(join(tmpdir(), 'millrace-s3-'));
  const { port } = new URL(engine('s3')!.endpoint);
  await stopEngine('s3');
  try {
    await cp(folder(), aside, { recursive: true, preserveTimestamps: true });
    await change();
    for (const name of await readdir(folder())) await rm(join(folder(), name), { recursive: true });
    await cp(aside, folder(), { recursive: true, preserveTimestamps: true });
    await rm(aside, { recursive: true });
  } finally {
    await startEngine('s3', port);
  }
}

/** Writes until there is no room for another byte. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (let size = megabyte; size >= 1; size = Math.floor(size / 2)) while (await finds(size, file));
  } finally {
    await file.close();
  }
}

/** Whether there was room for so many bytes more. */
const finds = (size: number, file: FileHandle): Promise<boolean> =>
  file.write(new Uint8Array(size)).then(
    () => true,
    () => false,
  );
