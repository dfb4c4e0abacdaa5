import { setTimeout as pause } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { GroupCommit, type GroupLimits } from './group-commit.ts';
import type { Schema } from './schema.ts';

/** A database that does nothing but count its transactions. */
class CountingDriver extends DummyDriver {
  begun = 0;
  rolledBack = 0;

  override async beginTransaction(...given: Parameters<DummyDriver['beginTransaction']>): Promise<void> {
    this.begun++;
    await super.beginTransaction(...given);
  }
  override async rollbackTransaction(): Promise<void> {
    this.rolledBack++;
  }
}

function commits(limits: Partial<GroupLimits> = {}) {
  const driver = new CountingDriver();
  const db = new Kysely<Schema>({
    dialect: {
      createDriver: () => driver,
      createAdapter: () => new SqliteAdapter(),
      createQueryCompiler: () => new SqliteQueryCompiler(),
      createIntrospector: (of) => new SqliteIntrospector(of),
    },
  });
  return {
    driver,
    group: new GroupCommit(db, { maxTogether: 4, maxWaiting: 100, unhurriedMs: 100, ...limits }),
  };
}

afterEach(() => void vi.useRealTimers());

describe('group commit', () => {
  it('carries out what waits in one transaction, in the order of arrival', async () => {
    const { driver, group } = commits();
    const order: number[] = [];
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((n) =>
        group.run({}, () => {
          order.push(n);
          return n * 10;
        }),
      ),
    );
    expect(answers).toEqual([10, 20, 30, 40, 50]);
    expect(order).toEqual([1, 2, 3, 4, 5]);
    expect(driver.begun).toBe(2);
  });

  it('fails nobody but the one at fault', async () => {
    const { driver, group } = commits();
    const fault = () => {
      throw new Error('broken');
    };
    const answers = await Promise.allSettled([
      group.run({}, () => 'a'),
      group.run({}, fault),
      group.run({}, () => 'c'),
    ]);
    expect(answers).toMatchObject([
      { status: 'fulfilled', value: 'a' },
      { status: 'rejected', reason: { message: 'broken' } },
      { status: 'fulfilled', value: 'c' },
    ]);
    expect(driver).toMatchObject({ begun: 4, rolledBack: 2 });
  });

  it('tries again what another transaction crossed', async () => {
    const { driver, group } = commits();
    let crossed = 2;
    const answer = await group.run({}, () => {
      if (crossed-- > 0) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
      return 'through';
    });
    expect(answer).toBe('through');
    expect(driver).toMatchObject({ begun: 3, rolledBack: 2 });
  });

  it('refuses all that waits at once when the database is away, and tries again with what comes next', async () => {
    const { driver, group } = commits({ maxTogether: 2 });
    const away = () => {
      throw new MillraceError('dependency_unavailable');
    };
    const answers = await Promise.allSettled([1, 2, 3, 4, 5].map(() => group.run({}, away)));
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
    expect(driver.begun).toBe(1);
    expect(await group.run({}, () => 'back')).toBe('back');
  });

  it('refuses what is over its bound, and takes more when it is through', async () => {
    const { group } = commits({ maxTogether: 1, maxWaiting: 2 });
    const waiting = [group.run({}, () => 1), group.run({}, () => 2)];
    await expect(group.run({}, () => 3)).rejects.toMatchObject({ code: 'queue_full' });
    await Promise.all(waiting);
    expect(await group.run({}, () => 4)).toBe(4);
  });

  it('is idle only when everything asked for before is done', async () => {
    const { group } = commits();
    let done = false;
    const running = group.run({}, () => (done = true));
    await group.idle();
    expect(done).toBe(true);
    await running;
    await group.idle();
  });

  it('lets a change without hurry go along with the next one', async () => {
    const { driver, group } = commits();
    const early = group.run({}, () => 'early', { hurry: false });
    await pause(5);
    expect(driver.begun).toBe(0);
    expect(await Promise.all([early, group.run({}, () => 'next')])).toEqual(['early', 'next']);
    expect(driver.begun).toBe(1);
  });

  it('carries out by and by what nothing comes after', async () => {
    const { group } = commits();
    expect(await group.run({}, () => 'alone', { hurry: false })).toBe('alone');
  });

  it('carries out at once what fills a group, hurry or not', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const { driver, group } = commits();
    await Promise.all([1, 2, 3, 4].map((n) => group.run({}, () => n, { hurry: false })));
    expect(driver.begun).toBe(1);
  });

  it('does not let what is without hurry wait once it is to be idle', async () => {
    const { group } = commits();
    let done = false;
    void group.run({}, () => (done = true), { hurry: false });
    await group.idle();
    expect(done).toBe(true);
  });

  it('is idle only when what came meanwhile without hurry is done, too', async () => {
    const { group } = commits();
    let done = false;
    void group.run({}, () => void group.run({}, () => (done = true), { hurry: false }));
    await group.idle();
    expect(done).toBe(true);
  });
});
