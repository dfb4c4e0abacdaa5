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
const record = () => new AnswerRecord('acme', 'request');
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
