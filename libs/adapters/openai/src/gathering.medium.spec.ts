import { MillraceError } from '@millrace/contracts';
import { cut, delta, done, finish, pause, silence, stream } from '@millrace/testing';
import { expect, it } from 'vitest';
import { AtMockBackEnd } from './testing/at-mock-back-end.ts';

const at = new AtMockBackEnd();
const words = (count: number) => Array.from({ length: count }, (_, n) => [delta(`${n} `), pause(5)]).flat();
const said = (count: number): string => Array.from({ length: count }, (_, n) => `${n} `).join('');

it('an answer goes on in fewer deltas, whole, and the count is told', async () => {
  at.backEnd.next(stream(...words(60), finish(), done));
  const { text, parts, error } = await at.collect(at.connect({ gatherMs: 50 }));
  expect(error).toBeUndefined();
  expect(text).toBe(said(60));
  const deltas = parts.filter((part) => part.type === 'delta');
  expect(deltas.length).toBeLessThan(40);
  expect(deltas.reduce((sum, { pieces = 1 }) => sum + pieces, 0)).toBe(60);
});

it('what came before the connection broke is told', async () => {
  at.backEnd.next(stream(...words(20), cut));
  const { text, error } = await at.collect(at.connect({ gatherMs: 1_000 }));
  expect(text).toBe(said(20));
  expect(error?.code).toBe('backend_error');
});

it('the end is waited for no longer than it takes to come', async () => {
  at.backEnd.next(stream(delta('a'), pause(300), delta('b'), finish(), done));
  const began = performance.now();
  const { text } = await at.collect(at.connect({ gatherMs: 60_000 }));
  expect(text).toBe('ab');
  expect(performance.now() - began).toBeLessThan(30_000);
});

it('whoever leaves while it gathers leaves at once', async () => {
  const controller = new AbortController();
  at.backEnd.next(stream(delta('a'), pause(100), delta('b'), silence));
  const running = at.collect(at.connect({ gatherMs: 60_000 }), controller.signal);
  setTimeout(() => controller.abort(new MillraceError('cancelled')), 200);
  expect((await running).error?.code).toBe('cancelled');
  await expect.poll(() => at.backEnd.abandoned).toBe(1);
});
