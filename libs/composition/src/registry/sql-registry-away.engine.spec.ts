import { postgresDialect } from '@millrace/adapters/postgres';
import { SqlRegistry } from '@millrace/adapters/sql-registry';
import type { MillraceError } from '@millrace/contracts';
import { Line, engine, noEngine, until } from '@millrace/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { PostgresHarness } from './testing/postgres-harness.ts';

const patienceMs = 10_000;

describe('a registry whose PostgreSQL goes away', () => {
  let harness: PostgresHarness;
  let line: Line;
  let registry: SqlRegistry;

  beforeEach(async (context) => {
    const server = engine('postgres');
    if (!server) return context.skip(noEngine('postgres'));
    harness = await PostgresHarness.make();
    const { hostname: host, port } = new URL(server.url);
    line = await Line.to({ host, port: Number(port || 5432) });
    const url = line.through(harness.database.url);
    registry = await harness.open({ url, connectTimeoutMs: 1_000, statementTimeoutMs: 1_500 });
    return async () => {
      line.restore();
      await harness.dispose();
      await line.close();
    };
  });

  const accept = (n: number) =>
    registry.documents.accept({
      ...{ tenant: 'acme', document: `doc-${n}`, contentHash: 'x', bodyHash: 'x', at: n, source: 's' },
      announce: (version) => ({ topic: 't', key: `doc-${n}`, value: `${version}`, headers: {} }),
    });
  const codes = async (calls: readonly Promise<unknown>[]): Promise<unknown[]> =>
    (await Promise.allSettled(calls)).map((call) =>
      call.status === 'rejected' ? (call.reason as MillraceError).code : 'done',
    );
  const timed = async <T>(run: () => Promise<T>): Promise<[T, number]> => {
    const before = performance.now();
    return [await run(), performance.now() - before];
  };

  it.each(['cut', 'silence'] as const)(
    'refuses at once or soon (%s), and recovers by itself',
    async (fails) => {
      await accept(0);
      line[fails]();
      const many = Array.from({ length: 300 }, (_, n) => n);
      const [answers, ms] = await timed(() =>
        codes([...many.map(accept), registry.documents.status('acme', 'doc-0'), registry.access.tenants()]),
      );
      expect(new Set(answers)).toEqual(new Set(['dependency_unavailable']));
      expect(ms).toBeLessThan(6_000);
      const [healthy, healthMs] = await timed(() => registry.healthy());
      expect(healthy).toBe(false);
      expect(healthMs).toBeLessThan(2_000);
      line.restore();
      await until(async () => expect(await registry.healthy()).toBe(true), patienceMs);
      expect(await codes([accept(1), accept(2)])).toEqual(['done', 'done']);
    },
  );

  it('goes on when the server ended its sessions while nobody used them', async () => {
    await accept(0);
    await harness.database.disconnect();
    await until(async () => expect(await codes([accept(1)])).toEqual(['done']), patienceMs);
  });

  it('tells when it cannot be opened, without the password', async () => {
    line.cut();
    const url = line.through('postgres://ann:planted-secret@host/db');
    const opening = SqlRegistry.open({ dialect: postgresDialect({ url, connectTimeoutMs: 300 }) });
    const error: unknown = await opening.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'dependency_unavailable' });
    expect(everythingIn(error)).not.toContain('planted-secret');
  });

  it('closes soon while it is away', async () => {
    line.silence();
    const waiting = codes([accept(1)]);
    const [, ms] = await timed(() => registry.close());
    expect(await waiting).toEqual(['dependency_unavailable']);
    expect(ms).toBeLessThan(8_000);
  });

  it('does not let another process that stands still inside a transaction block a document for good', async () => {
    await accept(0);
    const still = await harness.database.session();
    await still.execute('begin');
    await still.execute(`select * from documents where document = 'doc-0' for update`);
    const [answers, ms] = await timed(() => codes([accept(0)]));
    expect(answers).toEqual(['dependency_unavailable']);
    expect(ms).toBeLessThan(5_000);
    await still.end();
    expect(await codes([accept(0)])).toEqual(['done']);
  });

  it('keeps a title with a character that PostgreSQL cannot', async () => {
    const { documents } = registry;
    await documents.accept({
      ...{
        tenant: 'acme',
        document: 'a',
        contentHash: 'x',
        bodyHash: 'x',
        at: 1,
        source: 's',
        title: 'nul \0 and half \ud800',
      },
      announce: () => ({ topic: 't', key: 'k', value: '{}', headers: {} }),
    });
    expect((await documents.status('acme', 'a'))?.title).toBe('nul \uFFFD and half \uFFFD');
  });
});

/** Messages, stacks and fields of an error and of what caused it. */
const everythingIn = (error: unknown): string =>
  error instanceof Error
    ? [error.stack, JSON.stringify(error), everythingIn(error.cause)].join('\n')
    : String(error);
