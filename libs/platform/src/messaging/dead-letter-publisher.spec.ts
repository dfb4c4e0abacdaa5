import { deadLetter, MillraceError, type DeadLetter, type ErrorCode } from '@millrace/contracts';
import type { EventLog, NewRecord } from '@millrace/ports';
import { expect, it } from 'vitest';
import type { Logger } from '../telemetry/logger.ts';
import { DeadLetterPublisher, type GivenUp } from './dead-letter-publisher.ts';

function desk(maxRecordBytes = 10_000) {
  const published: NewRecord[] = [];
  const lines: string[] = [];
  const log = {
    limits: { maxRecordBytes },
    publish: async (records: NewRecord[]) => void published.push(...records),
  } as unknown as EventLog;
  const note = (_about: object, line: string) => void lines.push(line);
  const publisher = new DeadLetterPublisher(log, { warn: note, error: note } as unknown as Logger);
  const publish = async (
    given: Partial<GivenUp>,
    code: ErrorCode = 'invalid_event',
  ): Promise<DeadLetter | undefined> => {
    const whole = { origin: 'documents.v1', key: 'acme/a', payload: { json: {} }, attempts: 1, ...given };
    await publisher.publish(whole, new MillraceError(code));
    const value = published.at(-1)?.value;
    return value && deadLetter.parse(JSON.parse(new TextDecoder().decode(value)));
  };
  return { publish, published, lines };
}

const version = { tenant: 'acme', document: 'a', version: 3 };

it('a letter tells where the message stood, and what it takes to send it again', async () => {
  const { publish, published } = desk();
  const headers = { ce_id: 'ü', 'content-type': 'application/json' };
  const letter = await publish({ headers, partition: 4, offset: 7 });
  expect(letter).toMatchObject({ origin: 'documents.v1', key: 'acme/a', headers, partition: 4, offset: 7 });
  expect(published).toMatchObject([{ topic: 'documents.v1.dlq', key: 'acme/a' }]);
});

it('a letter is about a version only when the message is our own', async () => {
  const { publish } = desk();
  expect((await publish({ payload: { json: version } }))?.subject).toBeUndefined();
  const own = await publish({ origin: 'ingestion.document.accepted.v1', payload: { json: version } });
  expect(own?.subject).toEqual(version);
});

it('a message too long for a letter is left out, so that the letter gets through', async () => {
  const { publish, published } = desk(4000);
  const letter = await publish({
    ...{ key: 'k'.repeat(3000), payload: { json: 'x'.repeat(5000) }, headers: { a: 'y'.repeat(5000) } },
    partition: 4,
  });
  expect(published[0]!.value.byteLength).toBeLessThan(4000);
  expect(letter).toMatchObject({ payload: { base64: '' }, partition: 4 });
  expect(letter?.omitted_bytes).toBeGreaterThan(10_000);
  expect(letter?.headers).toBeUndefined();
  expect(letter?.reason.message).toMatch(/Too long to be replayed/);
});

it('a letter that cannot be handled itself makes no other', async () => {
  const { publish, published, lines } = desk();
  await publish({ origin: 'documents.v1.dlq' });
  expect(published).toEqual([]);
  expect(lines).toEqual(['a dead letter that cannot be handled stays in its topic']);
});

it('a letter about a version that is gone is sent without a word: whoever reads it knows whether that matters', async () => {
  const { publish, published, lines } = desk();
  await publish({});
  expect(lines).toEqual(['dead-lettered']);
  await publish({}, 'version_gone');
  expect(published).toHaveLength(2);
  expect(lines).toEqual(['dead-lettered']);
});

it('letters are later than all before them and earlier than all behind them', async () => {
  const { publish } = desk();
  const times: number[] = [];
  const one = async () => {
    const before = Date.now();
    const at = Date.parse((await publish({}))!.at);
    times.push(before, at, Date.now());
  };
  for (let n = 0; n < 20; n++) await one();
  for (let n = 0; n < times.length; n += 3) {
    const [before, at, after] = times.slice(n, n + 3) as [number, number, number];
    expect(at).toBeGreaterThan(before);
    expect(after).toBeGreaterThan(at);
  }
});

it('letters of a document that are written at once have a time each', async () => {
  const { publish, published } = desk();
  await Promise.all(Array.from({ length: 30 }, () => publish({})));
  const times = published.map(({ value }) => (JSON.parse(new TextDecoder().decode(value)) as DeadLetter).at);
  expect(new Set(times).size).toBe(30);
});

it('letters of other documents are not waited for', async () => {
  const { publish, published } = desk();
  await Promise.all(Array.from({ length: 1_000 }, (_, n) => publish({ key: `acme/${n}` })));
  const times = published.map(({ value }) => (JSON.parse(new TextDecoder().decode(value)) as DeadLetter).at);
  expect(new Set(times).size).toBeLessThan(500);
});
