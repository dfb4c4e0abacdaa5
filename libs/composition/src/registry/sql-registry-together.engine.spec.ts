import type { OutboxEvent, PendingEvent, Registry } from '@millrace/ports';
import { chainOf, engine, noEngine, SwitchingWalk, until } from '@millrace/testing';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { auditEntries } from './testing/audit-entries.ts';
import { PostgresHarness } from './testing/postgres-harness.ts';
import { Crowd, happening, versionOf } from './testing/registry-crowd.ts';

const patienceMs = 30_000;

describe('registries on one PostgreSQL database', () => {
  let harness: PostgresHarness;
  beforeEach(async (context) => {
    context.skip(engine('postgres') === undefined, noEngine('postgres'));
    harness = await PostgresHarness.make();
    return () => harness.dispose();
  });

  it('bring the schema up to date once when they all start at once', async () => {
    await harness.several(8);
    const rows = await harness.database.execute('select name from kysely_migration');
    const names = (rows as { name: string }[]).map(({ name }) => name);
    expect(names[0]).toBe('0001-registry');
    expect(names).toEqual([...new Set(names)].sort());
  });

  it('open beside a newer version, whose migrations they do not know', async () => {
    await harness.open();
    await harness.database.execute(`insert into kysely_migration values ('9999-newer', now()::text)`);
    const registry = await harness.open();
    expect(await registry.healthy()).toBe(true);
  });

  it('add to one audit chain, which never forks and leaves nothing out', async () => {
    const registries = await harness.several(4);
    const adding = registries.flatMap((registry, n) => [
      ...auditEntries('acme', 50).map((entry) => registry.audit.append(entry)),
      ...auditEntries('acme', 20).map((entry) =>
        registry.audit.appendOnce({ ...entry, action: 'answer.moderate' }),
      ),
      ...auditEntries(`other-${n % 2}`, 10).map((entry) => registry.quotas.write(entry.tenant, {}, entry)),
    ]);
    await Promise.all(adding);
    const registry = registries[0]!;
    expect(await chainOf({ registry, tenant: 'acme' })).toHaveLength(4 * 50 + 20);
    for (const tenant of ['other-0', 'other-1']) expect(await chainOf({ registry, tenant })).toHaveLength(20);
  });

  it('cannot change or remove an audit entry, nor can anybody else', async () => {
    const registry = await harness.open();
    const [entry] = auditEntries('acme', 1);
    await registry.audit.append(entry!);
    for (const attack of [
      "update audit_entries set action = 'x'",
      'delete from audit_entries',
      'truncate audit_entries',
    ])
      await expect(harness.database.execute(attack)).rejects.toThrow('never changed or removed');
    expect(await chainOf({ registry, tenant: 'acme' })).toHaveLength(1);
  });

  it('hold together whatever they do to the same documents at once', async () => {
    const registries = await harness.several(4);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(happening, { minLength: 10, maxLength: 25 }), { minLength: 8, maxLength: 12 }),
        async (walks) => {
          const crowd = new Crowd(registries, `tenant-${run++}`);
          await Promise.all(walks.map((steps, walker) => crowd.walk(walker, steps)));
          await crowd.check();
        },
      ),
      { numRuns: 25, endOnFailure: true },
    );
  });

  it('carry out one of many requests with the same key, and wait for each other without end for none', async () => {
    const registries = await harness.several(4);
    const accept = (registry: Registry, request: number, key: number) =>
      registry.documents.accept({
        ...{
          tenant: 'acme',
          document: `made-${request}-${key}`,
          contentHash: `${key}`,
          bodyHash: `${key}`,
          at: request,
          source: 's',
        },
        announce: event('accepted', `made-${request}-${key}`),
        idempotency: { key: `key-${key}`, requestHash: `${key}` },
      });
    const keys = Array.from({ length: 30 }, (_, key) => key);
    const answers = await Promise.all(
      registries.flatMap((registry, request) =>
        (request % 2 ? keys : keys.toReversed()).map((key) => accept(registry, request, key)),
      ),
    );
    const accepted = answers.filter(({ outcome }) => outcome === 'accepted');
    expect(accepted).toHaveLength(keys.length);
    expect(await registries[0]!.documents.list('acme', { limit: 1_000 })).toHaveLength(keys.length);
  });

  it('call nothing indexed that is not in the index that serves, while models are switched to and fro', async () => {
    const walk = new SwitchingWalk(await harness.several(3));
    await walk.walk(10, 15);
    expect([walk.switches, walk.looks].every((count) => count > 0)).toBe(true);
  });

  describe('relaying', () => {
    /** A log that notices when two write to it at once. */
    class OneAtATime {
      readonly events: PendingEvent[] = [];
      overlaps = 0;
      private writing = 0;

      publish = async (events: readonly PendingEvent[]): Promise<void> => {
        if (this.writing++ > 0) this.overlaps++;
        await new Promise((resolve) => setTimeout(resolve, 3));
        this.events.push(...events);
        this.writing--;
      };
    }

    const keepRelaying = async (registry: Registry, log: OneAtATime, over: () => boolean): Promise<void> => {
      while (!over()) await registry.outbox.relay(20, log.publish).catch(() => undefined);
    };

    async function write(registries: readonly Registry[], writes: number): Promise<void> {
      const write = async (writer: number): Promise<void> => {
        for (let n = writer; n < writes; n += 16) {
          const document = `doc-${n % 7}`;
          await registries[writer % registries.length]!.documents.accept({
            ...{ tenant: 'acme', document, contentHash: `${n}`, bodyHash: `${n}`, at: n, source: `s${n}` },
            announce: event('accepted', document),
          });
        }
      };
      await Promise.all(Array.from({ length: 16 }, (_, writer) => write(writer)));
    }

    it('send every event once and in the order of its document, while others write', async () => {
      const registries = await harness.several(4);
      const log = new OneAtATime();
      let over = false;
      const relays = registries.map((registry) => keepRelaying(registry, log, () => over));
      try {
        await write(registries, 600);
        await until(() => expect(log.events.length).toBeGreaterThanOrEqual(600), patienceMs);
      } finally {
        over = true;
        await Promise.all(relays);
      }
      expect(log.events).toHaveLength(600);
      expect(log.overlaps).toBe(0);
      for (const [, events] of Map.groupBy(log.events, ({ key }) => key))
        expect(events.map(versionOf)).toEqual(events.map((_, index) => index + 1));
    });

    it('takes over when the process that has the turn is cut off, and loses nothing', async () => {
      const registries = await harness.several(2);
      const log = new OneAtATime();
      await write(registries, 50);
      const stuck = registries[0]!.outbox.relay(10, () => new Promise(() => undefined));
      stuck.catch(() => undefined);
      const looks = await Promise.all([1, 2].map(() => registries[1]!.outbox.relay(10, log.publish)));
      expect(Math.max(...looks)).toBeLessThanOrEqual(10);
      await harness.database.disconnect();
      await until(async () => {
        await registries[1]!.outbox.relay(100, log.publish).catch(() => undefined);
        expect(new Set(log.events.map(({ value }) => value)).size).toBe(50);
      }, patienceMs);
    });

    it('does not pass over an event whose transaction ends late', async () => {
      const registry = await harness.open();
      const log = new OneAtATime();
      const late = await harness.database.session();
      await late.execute('begin');
      await late.execute(
        `insert into outbox (topic, key, value, headers_json) values ('t', 'late', '{"version":1}', '{}')`,
      );
      await write([registry], 20);
      await registry.outbox.relay(100, log.publish);
      expect(log.events).toHaveLength(20);
      await late.execute('commit');
      await late.end();
      await registry.outbox.relay(100, log.publish);
      expect(log.events.at(-1)).toMatchObject({ key: 'late' });
    });
  });

  const event =
    (topic: string, document: string) =>
    (version: number): OutboxEvent => ({
      ...{ topic, key: `acme/${document}`, headers: {} },
      value: JSON.stringify({ tenant: 'acme', document, version }),
    });
});
