import type { EventPublisher, Logger } from '@millrace/platform';
import { expect, it } from 'vitest';
import { AnswerRecord } from './answer-record.ts';
import { AnswerRecords } from './answer-records.ts';

function setting() {
  const ends: (() => void)[] = [];
  const publisher = { publish: () => new Promise<void>((resolve) => ends.push(resolve)) };
  const records = new AnswerRecords(
    publisher as unknown as EventPublisher,
    {} as Logger,
    { maxAnswers: 2 } as never,
  );
  return { ends, records };
}
const record = () => new AnswerRecord('acme', 'request', { tier: 'default', waitedMs: 0 });
const isOver = (work: Promise<unknown>): Promise<boolean> =>
  Promise.race([work.then(() => true), new Promise<boolean>((resolve) => setImmediate(resolve, false))]);

it('lets nobody wait for a log that hangs, until there are as many as answers at a time', async () => {
  const { ends, records } = setting();
  expect(await isOver(records.write(record()))).toBe(true);
  expect(await isOver(records.write(record()))).toBe(true);
  const third = records.write(record());
  expect(await isOver(third)).toBe(false);
  ends.shift()!();
  expect(await isOver(third)).toBe(true);
});

it('waits for all of them at the end', async () => {
  const { ends, records } = setting();
  await records.write(record());
  const closed = records.onModuleDestroy();
  expect(await isOver(closed)).toBe(false);
  ends.shift()!();
  expect(await isOver(closed)).toBe(true);
});

it('tells of a log that is away once, not for every answer, and keeps the records for who debugs', async () => {
  const told = { error: 0, debug: 0 };
  const note = (level: keyof typeof told) => () => void (told[level] += 1);
  const records = new AnswerRecords(
    { publish: () => Promise.reject(new Error('away')) } as unknown as EventPublisher,
    { error: note('error'), debug: note('debug') } as unknown as Logger,
    { maxAnswers: 2 } as never,
  );
  for (let n = 0; n < 5; n++) await records.write(record());
  await records.onModuleDestroy();
  expect(told).toEqual({ error: 1, debug: 5 });
});
