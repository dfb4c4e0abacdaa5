import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import type { LogRecord } from '@millrace/ports';
import { bundleProgram, text, until, type BundledProgram } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SqliteEventLog } from '../event-log/event-log.ts';
import { entry } from '../thread/thread-harness.ts';
import { SqliteWorkQueue } from '../work-queue/work-queue.ts';

const kills = 8;
const patienceMs = 30_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-crash-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a work queue whose process is killed at random moments', () => {
  const file = (): string => join(folder, 'queue.sqlite');
  const open = () => SqliteWorkQueue.open({ entry, file: file() });
  const notes = (): string => join(folder, 'queue.notes');
  const run = useProgram('./queue-program.ts', file, notes);

  it('runs every job it acknowledged, and hardly any twice', async () => {
    for (let n = 0; n < kills; n++) await kill(await run(`run${n}`), 20 + Math.random() * 250);
    const told = await read(notes());
    const queue = await open();
    await queue.work('crash', {
      concurrency: 16,
      leaseMs: 1_000,
      handler: async ({ id }) => void told.handled.push(id),
      onFailure: async () => ({ action: 'discard' }),
    });
    const empty = { runnable: 0, inflight: 0, delayed: 0 };
    await until(async () => expect(await queue.depth('crash')).toMatchObject(empty), patienceMs);
    await queue.close();
    expect(told.acknowledged.length).toBeGreaterThan(kills);
    expect(lost(told, told.handled)).toEqual([]);
    expect(told.handled.length - new Set(told.handled).size).toBeLessThan(kills * 16);
  });

  it('is refused to a second process while the first lives', async () => {
    const owner = await run('owner');
    const failure = await open().catch((error: unknown) => error);
    expect(owner.exitCode).toBeNull();
    await kill(owner);
    expect(failure).toBeInstanceOf(MillraceError);
    expect(failure).toMatchObject({ code: 'data_folder_in_use' });
    expect((failure as MillraceError).message).toContain('MILLRACE_DATA_DIR');
    await (await open()).close();
  });
});

describe('an event log whose process is killed at random moments', () => {
  const file = (): string => join(folder, 'log.sqlite');
  const notes = (): string => join(folder, 'log.notes');
  const run = useProgram('./log-program.ts', file, notes);

  it('shows every acknowledged record to every group, each offset once and each key in order', async () => {
    for (let n = 0; n < kills; n++) await kill(await run(`run${n}`), 20 + Math.random() * 250);
    const told = await read(notes());
    const log = await SqliteEventLog.open({ entry, file: file() });
    const fresh: LogRecord[] = [];
    const subscribe = (group: string, handle: (record: LogRecord) => void) => {
      const handler = async (records: readonly LogRecord[]) => records.forEach(handle);
      return log.subscribe({ group, topics: ['crash'], maxBatch: 100, handler });
    };
    await subscribe('group', ({ value }) => void told.handled.push(text(value)));
    await subscribe('fresh', (record) => void fresh.push(record));
    for (const group of ['group', 'fresh'])
      await until(async () => expect((await log.lag(group, ['crash']))[0]!.records).toBe(0), patienceMs);
    await log.close();
    expect(told.acknowledged.length).toBeGreaterThan(kills);
    expect(lost(told, told.handled)).toEqual([]);
    expect(
      lost(
        told,
        fresh.map(({ value }) => text(value)),
      ),
    ).toEqual([]);
    expect(new Set(fresh.map(({ partition, offset }) => `${partition}/${offset}`)).size).toBe(fresh.length);
    for (const key of ['key0', 'key1', 'key2']) expectInOrder(fresh.filter((record) => record.key === key));
  });
});

interface Told {
  readonly acknowledged: string[];
  readonly handled: string[];
}

/** What the killed processes noted. */
async function read(notes: string): Promise<Told> {
  const lines = (await readFile(notes, 'utf8')).split('\n').map((line) => line.split(' '));
  const all = (kind: string) => lines.filter(([what]) => what === kind).map(([, which = '']) => which);
  return { acknowledged: all('acknowledged'), handled: all('handled') };
}

const lost = ({ acknowledged }: Told, handled: readonly string[]): string[] => {
  const known = new Set(handled);
  return acknowledged.filter((one) => !known.has(one));
};

/** Starts the program and waits until it has the file open. */
function useProgram(
  source: string,
  file: () => string,
  notes: () => string,
): (name: string) => Promise<ChildProcess> {
  let program: BundledProgram;
  beforeAll(async () => {
    program = await bundleProgram(new URL(source, import.meta.url));
    await appendFile(notes(), '');
  });
  afterAll(() => program.dispose());
  return async (name) => {
    const args = [program.file, entry.href, file(), notes(), name];
    const child = spawn(process.execPath, args, { stdio: 'inherit' });
    const isOpen = async () => expect(await readFile(notes(), 'utf8')).toContain(`open ${name}\n`);
    await until(isOpen, patienceMs);
    return child;
  };
}

async function kill(child: ChildProcess, afterMs = 0): Promise<void> {
  await pause(afterMs);
  expect(child.exitCode, 'the process ended by itself').toBeNull();
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** Values are `run<k>:<n>`; within a key both only rise. */
function expectInOrder(records: readonly LogRecord[]): void {
  const rank = ({ value }: LogRecord): number => {
    const [run, n] = text(value).slice('run'.length).split(':');
    return Number(run) * 1e9 + Number(n);
  };
  const ranks = records.map(rank);
  expect(ranks).toEqual([...ranks].sort((one, other) => one - other));
}
