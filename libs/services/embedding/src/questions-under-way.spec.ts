import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { QuestionsUnderWay } from './questions-under-way.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = new AbortController().signal;

/** Milliseconds after which it let the caller pass. */
async function passedAfter(questions: QuestionsUnderWay): Promise<number> {
  const began = performance.now();
  const passing = questions.letPass(never).then(() => performance.now() - began);
  await vi.advanceTimersByTimeAsync(1_000);
  return passing;
}

/** A question that takes so long. */
const ask = (questions: QuestionsUnderWay, millis: number) =>
  questions.during(() => new Promise<void>((answered) => setTimeout(answered, millis)));

it('lets pass at once where nobody asks', async () => {
  expect(await passedAfter(new QuestionsUnderWay())).toBe(0);
});

it('lets pass a moment after the last question', async () => {
  const questions = new QuestionsUnderWay();
  void ask(questions, 30);
  void ask(questions, 50);
  expect(await passedAfter(questions)).toBe(80);
  expect(await passedAfter(questions)).toBe(0);
});

it('waits on when another question comes within that moment', async () => {
  const questions = new QuestionsUnderWay();
  void ask(questions, 20).then(() => setTimeout(() => void ask(questions, 30), 10));
  expect(await passedAfter(questions)).toBe(90);
});

it('lets pass after a tenth of a second however many ask, and a failed question too', async () => {
  const questions = new QuestionsUnderWay();
  void questions.during(() => Promise.reject(new Error('no'))).catch(() => undefined);
  void ask(questions, 10_000);
  expect(await passedAfter(questions)).toBe(100);
});

it('ends with its caller', async () => {
  const questions = new QuestionsUnderWay();
  void ask(questions, 10_000);
  const caller = new AbortController();
  const passing = expect(questions.letPass(caller.signal)).rejects.toThrow();
  caller.abort();
  await passing;
});
