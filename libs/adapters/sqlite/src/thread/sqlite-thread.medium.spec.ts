import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteThread } from './sqlite-thread.ts';
import { entry } from './thread-harness.ts';

describe('a database thread', () => {
  let folder: string;
  let file: string;
  let thread: SqliteThread;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-thread-'));
    file = join(folder, 'test.sqlite');
  });
  afterEach(async () => {
    await thread.terminate();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (module = 'work-queue') => (thread = new SqliteThread(entry, { module, file }));
  const depth = () => thread.call('depth', 'queue', Date.now());

  it('finishes what was asked before it closes, and then refuses', async () => {
    start();
    const asked = depth();
    await Promise.all([thread.close(), expect(asked).resolves.toMatchObject({ runnable: 0 })]);
    expect(thread.ended).toBe(true);
    await expect(depth()).rejects.toMatchObject({ code: 'shutting_down' });
    await thread.close();
  });

  it('fails only the call whose argument cannot be sent', async () => {
    start();
    const calls = [depth(), thread.call('depth', () => 'a function'), depth()];
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('rejects what is under way when it dies', async () => {
    start();
    await depth();
    const asked = depth();
    void thread.terminate();
    await expect(asked).rejects.toMatchObject({ code: 'dependency_unavailable' });
    await expect(depth()).rejects.toMatchObject({ code: 'dependency_unavailable' });
  });

  it('answers every call with the reason when the file cannot be opened, and closes all the same', async () => {
    await writeFile(file, 'no database at all, but long enough to be taken for one, at least at first sight');
    start();
    await expect(depth()).rejects.toMatchObject({ code: 'dependency_unavailable' });
    await expect(depth()).rejects.toThrow('not a database');
    await thread.close();
  });

  it('says so when there is no such module', async () => {
    start('none');
    const failure: unknown = await depth().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'dependency_unavailable' });
    expect((failure as Error).cause).toMatchObject({ message: 'no thread module named none' });
  });
});
