import { describe, expect, it } from 'vitest';
import { MillraceError } from '@millrace/contracts';
import type { LogRecord } from '@millrace/ports';
import { consume, type TopicHandler } from './event-consumer.ts';
import { readJson } from './read-json.ts';
import { RecordsGivenUp } from './records-given-up.ts';
import { Unforeseen } from './unforeseen.ts';
import type { DeadLetterPublisher, GivenUp } from './dead-letter-publisher.ts';

const record = (offset: number, value = '{}'): LogRecord => ({
  topic: 'facts',
  key: 'k',
  partition: 0,
  offset,
  timestamp: Date.now(),
  headers: {},
  value: new TextEncoder().encode(value),
});

function setting(handleOne: (record: LogRecord) => Promise<void>, atOnce = 1, keysAtOnce = 1, burst = 1) {
  const letters: { given: GivenUp; code: string }[] = [];
  const publisher = {
    publish: async (given: GivenUp, error: MillraceError) => void letters.push({ given, code: error.code }),
  } as unknown as DeadLetterPublisher;
  const handler: TopicHandler = {
    topic: 'facts',
    decode: (record: LogRecord) => (readJson(record.value), record),
    handle: async (inputs: readonly { data: unknown }[]) => {
      for (const { data } of inputs) await handleOne(data as LogRecord);
    },
    atOnce,
    keysAtOnce,
  };
  const unforeseen = new Unforeseen(burst, () => 0);
  const givenUp = new RecordsGivenUp();
  const run = (records: LogRecord[], signal = new AbortController().signal) =>
    consume(records, new Map([['facts', handler]]), { deadLetters: publisher, unforeseen, givenUp }, signal);
  return { letters, publisher, run };
}

describe.concurrent('consume', () => {
  it('dead-letters what can never be handled at once, and goes on with the next', async () => {
    const seen: number[] = [];
    const { letters, run } = setting(async ({ offset }) => {
      seen.push(offset);
      if (offset === 1) throw new MillraceError('invalid_event');
    });
    const bad = record(1, '{"bad":true}');
    await run([record(0), bad, record(2)]);
    expect(seen).toEqual([0, 1, 2]);
    expect(letters).toEqual([
      {
        code: 'invalid_event',
        given: {
          ...{ origin: 'facts', key: 'k', headers: {}, partition: 0, offset: 1, timestamp: bad.timestamp },
          ...{ attempts: 1, payload: { json: { bad: true } } },
        },
      },
    ]);
  });

  it('keeps bytes that are not JSON as they were', async () => {
    const { letters, run } = setting(() => Promise.reject(new MillraceError('invalid_event')));
    await run([record(0, 'not json')]);
    expect(letters[0]?.given.payload).toEqual({ base64: Buffer.from('not json').toString('base64') });
  });

  it('tries again what may work later, and leaves it uncommitted when it does not', async () => {
    let calls = 0;
    const handle = async () => {
      calls += 1;
      throw new MillraceError('dependency_unavailable');
    };
    const { letters, run } = setting(handle);
    const outcome = expect(run([record(0), record(1)])).rejects.toMatchObject({
      code: 'dependency_unavailable',
    });
    await outcome;
    expect(calls).toBe(7);
    expect(letters).toEqual([]);
  });

  it('gives up what is the record’s own fault after a while, and goes on with the next', async () => {
    const seen: number[] = [];
    const { letters, run } = setting(async ({ offset }) => {
      seen.push(offset);
      if (offset === 0) throw new MillraceError('blob_not_found');
    });
    await run([record(0), record(1)]);
    expect(seen).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
    expect(letters).toMatchObject([{ code: 'blob_not_found', given: { attempts: 7, offset: 0 } }]);
  });

  it('does not try again what had its time while it waited: many of these hold nobody up', async () => {
    const { letters, run } = setting(() => Promise.reject(new MillraceError('blob_not_found')));
    const old = (offset: number) => ({ ...record(offset), timestamp: Date.now() - 60_000 });
    await run([old(0), old(1), old(2)]);
    expect(letters.map(({ given }) => given.attempts)).toEqual([1, 1, 1]);
  });

  it('leaves a record alone that was given up, when it comes again with others', async () => {
    let isAway = true;
    const { letters, run } = setting(async ({ offset }) => {
      if (offset === 0 && isAway) throw new MillraceError('invalid_event');
      if (offset === 1 && isAway) throw new MillraceError('dependency_unavailable');
      seen.push(offset);
    });
    const seen: number[] = [];
    const batch = [record(0), record(1)];
    await expect(run(batch)).rejects.toMatchObject({ code: 'dependency_unavailable' });
    isAway = false;
    await run(batch);
    expect(seen).toEqual([1]);
    expect(letters.map(({ given }) => given.offset)).toEqual([0]);
  }, 30_000);

  it('gives up a record that fails unforeseen, so that those behind it get through', async () => {
    const seen: number[] = [];
    const { letters, run } = setting(async ({ offset }) => {
      seen.push(offset);
      if (offset === 0) throw new TypeError('a fault of ours');
    });
    await run([record(0), record(1)]);
    expect(seen.at(-1)).toBe(1);
    expect(letters.map(({ code, given }) => [code, given.offset])).toEqual([['internal', 0]]);
  });

  it('waits when everything fails unforeseen, and gives none up twice when all comes again', async () => {
    const { letters, run } = setting(() => Promise.reject(new TypeError('a fault of ours')));
    const both = [record(0), record(1)];
    for (let time = 0; time < 2; time++) await expect(run(both)).rejects.toMatchObject({ code: 'internal' });
    expect(letters.map(({ given }) => given.offset)).toEqual([0]);
  }, 30_000);

  it('does not lose a record that fails unforeseen when its letter cannot be written', async () => {
    const { letters, publisher, run } = setting(
      () => Promise.reject(new TypeError('a fault of ours')),
      1,
      1,
      2,
    );
    const publish = publisher.publish.bind(publisher);
    publisher.publish = () => Promise.reject(new MillraceError('dependency_unavailable'));
    const one = [record(0)];
    await expect(run(one)).rejects.toMatchObject({ code: 'dependency_unavailable' });
    publisher.publish = publish;
    await run(one);
    expect(letters.map(({ given }) => given.offset)).toEqual([0]);
  }, 15_000);

  it('keeps as bytes what is nested so deep that a letter of it could not be written', async () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const { letters, run } = setting(async () => undefined);
    await run([record(0, deep)]);
    expect(letters[0]?.given.payload).toEqual({ base64: Buffer.from(deep).toString('base64') });
  });

  it('singles out the one at fault when several are handled at once', async () => {
    const { letters, run } = setting(async ({ offset }) => {
      if (offset === 1) throw new MillraceError('invalid_event');
    }, 10);
    await run([record(0), record(1, '{"bad":true}'), record(2), record(3, 'not json')]);
    expect(letters.map(({ given }) => given.payload)).toEqual([
      { json: { bad: true } },
      { base64: Buffer.from('not json').toString('base64') },
    ]);
  });

  it('handles several keys at a time, and of each one record after the other', async () => {
    const under = new Map<string, number>();
    const order: string[] = [];
    let most = 0;
    const { run } = setting(
      async ({ key, offset }) => {
        expect(under.has(key)).toBe(false);
        under.set(key, offset);
        most = Math.max(most, under.size);
        await new Promise((resolve) => setTimeout(resolve, 5));
        order.push(`${key}${offset}`);
        under.delete(key);
      },
      1,
      3,
    );
    const keys = ['a', 'b', 'a', 'c', 'd', 'b', 'a', 'e'];
    await run(keys.map((key, offset) => ({ ...record(offset), key })));
    expect(most).toBe(3);
    expect(order.filter((name) => name.startsWith('a'))).toEqual(['a0', 'a2', 'a6']);
    expect(order).toHaveLength(keys.length);
  });

  it('has ended with all keys when it fails for one of them', async () => {
    let underWay = 0;
    const { letters, run } = setting(
      async ({ offset }) => {
        underWay += 1;
        await new Promise((resolve) => setTimeout(resolve, 30));
        underWay -= 1;
        if (offset === 0) throw new MillraceError('dependency_unavailable');
        if (offset === 1) throw new MillraceError('invalid_event');
      },
      1,
      4,
    );
    const records = ['a', 'b', 'c', 'd', 'e'].map((key, offset) => ({ ...record(offset), key }));
    await expect(run(records)).rejects.toMatchObject({ code: 'dependency_unavailable' });
    expect(underWay).toBe(0);
    expect(letters.map(({ given }) => given.offset)).toEqual([1]);
  });

  it('gives nothing up while it is being closed', async () => {
    const closing = new AbortController();
    const { letters, run } = setting(async () => {
      closing.abort();
      throw new MillraceError('invalid_event');
    });
    await expect(run([record(0)], closing.signal)).rejects.toThrow();
    expect(letters).toEqual([]);
  });
});
