import { MillraceError } from '@millrace/contracts';
import type { EventLog, NewRecord, PendingEvent, Registry } from '@millrace/ports';
import type { DeadLetterPublisher, Logger } from '@millrace/platform';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { OutboxRelay } from './outbox-relay.ts';

const event = (id: number): PendingEvent => ({
  id,
  topic: 'documents.v1',
  key: 'k',
  value: `${id}`,
  headers: {},
});

/** An outbox with `count` events and a log that fails as often as told. */
class Desk {
  readonly published: string[] = [];
  readonly errors: unknown[] = [];
  readonly letters: unknown[] = [];
  failures = 0;
  /** Values that the log never takes. */
  refused: string[] = [];
  pending: PendingEvent[];

  constructor(count: number) {
    this.pending = Array.from({ length: count }, (_, index) => event(index + 1));
  }

  relay(relayBatch = 2): OutboxRelay {
    return new OutboxRelay(this.registry, this.log, this.deadLetters, this.logger, {
      relayBatch,
      chunkTokens: 1,
      maxChunks: 1,
      maxUnfinished: 0,
      maxClaimMb: 1,
      eagerDocuments: 0,
      orphanHours: 0,
    });
  }

  private readonly registry = {
    outbox: {
      relay: async (limit: number, publish: (events: PendingEvent[]) => Promise<void>) => {
        const events = this.pending.slice(0, limit);
        if (events.length > 0) await publish(events);
        this.pending = this.pending.filter((event) => !events.includes(event));
        return events.length;
      },
    },
  } as unknown as Registry;

  private readonly log = {
    publish: async (records: NewRecord[]) => {
      if (this.failures-- > 0) throw new Error('the log is away');
      const values = records.map(({ value }) => new TextDecoder().decode(value));
      if (values.some((value) => this.refused.includes(value))) throw new MillraceError('body_too_large');
      this.published.push(...values);
    },
  } as unknown as EventLog;

  readonly deadLetters = {
    publish: async (given: unknown, { code }: MillraceError) => {
      this.letters.push({ code, given });
    },
  } as unknown as DeadLetterPublisher;

  private readonly logger = { error: (line: unknown) => this.errors.push(line) } as unknown as Logger;
}

describe('the relay of the outbox', () => {
  let relay: OutboxRelay | undefined;
  afterEach(() => relay?.onModuleDestroy());

  it('moves a batch in order and marks it', async () => {
    const desk = new Desk(3);
    relay = desk.relay();
    expect(await relay.relayOnce()).toBe(2);
    expect(desk.published).toEqual(['1', '2']);
    expect(desk.pending.map(({ id }) => id)).toEqual([3]);
  });

  it('marks nothing that the log did not take', async () => {
    const desk = new Desk(2);
    desk.failures = 1;
    relay = desk.relay();
    await expect(relay.relayOnce()).rejects.toThrow('the log is away');
    expect(desk.pending).toHaveLength(2);
    await relay.relayOnce();
    expect(desk.published).toEqual(['1', '2']);
  });

  it('makes a dead letter of what the log never takes, and lets nothing wait behind it', async () => {
    const desk = new Desk(4);
    desk.refused = ['2'];
    relay = desk.relay(3);
    expect(await relay.relayOnce()).toBe(3);
    expect(desk.published).toEqual(['1', '3']);
    const given = { origin: 'documents.v1', key: 'k', headers: {}, payload: { json: 2 }, attempts: 1 };
    expect(desk.letters).toEqual([{ code: 'body_too_large', given }]);
    expect(desk.pending.map(({ id }) => id)).toEqual([4]);
  });

  it('makes a dead letter of what is of no topic', async () => {
    const desk = new Desk(3);
    desk.pending[1] = { ...desk.pending[1]!, topic: 'nope.v1' };
    relay = desk.relay(3);
    expect(await relay.relayOnce()).toBe(3);
    expect(desk.published).toEqual(['1', '3']);
    expect(desk.letters).toMatchObject([{ code: 'invalid_event', given: { origin: 'nope.v1' } }]);
  });

  it('keeps it until its letter is written', async () => {
    const desk = new Desk(1);
    desk.refused = ['1'];
    relay = desk.relay();
    const away = vi.spyOn(desk.deadLetters, 'publish').mockRejectedValueOnce(new Error('the log is away'));
    await expect(relay.relayOnce()).rejects.toThrow('the log is away');
    expect(away).toHaveBeenCalledOnce();
    expect(desk.pending).toHaveLength(1);
    expect(await relay.relayOnce()).toBe(1);
    expect(desk.letters).toHaveLength(1);
  });

  it('empties the outbox by itself, and again when it is woken', async () => {
    const desk = new Desk(5);
    relay = desk.relay();
    relay.onApplicationBootstrap();
    await vi.waitFor(() => expect(desk.published).toEqual(['1', '2', '3', '4', '5']));
    desk.pending.push(event(6));
    relay.wake();
    await vi.waitFor(() => expect(desk.published.at(-1)).toBe('6'), { interval: 5, timeout: 250 });
  });

  it('goes on by itself when the log is back', async () => {
    const desk = new Desk(1);
    desk.failures = 1;
    relay = desk.relay();
    relay.onApplicationBootstrap();
    await vi.waitFor(() => expect(desk.published).toEqual(['1']), { timeout: 8_000 });
    expect(desk.errors).toHaveLength(1);
  });

  it('ends when it is told to, even while the log is away', async () => {
    const desk = new Desk(1);
    desk.failures = Infinity;
    relay = desk.relay();
    relay.onApplicationBootstrap();
    await vi.waitFor(() => expect(desk.errors).toHaveLength(1));
    await relay.onModuleDestroy();
    expect(desk.published).toEqual([]);
  });
});
