import type { GenerationPart } from '@millrace/ports';
import { expect, it } from 'vitest';
import { joinedDeltas } from './joined-deltas.ts';

const says = (content: string, choice = 0): GenerationPart => ({ type: 'delta', choice, delta: { content } });
const thinks = (reasoning: string): GenerationPart => ({ type: 'delta', choice: 0, delta: { reasoning } });
const calls: GenerationPart = { type: 'delta', choice: 0, delta: { toolCalls: [{ index: 0 }] } };
const start: GenerationPart = { type: 'start', model: 'mock' };

it('texts of one kind and choice become one, and say of how many', () => {
  const parts = [
    start,
    thinks('a'),
    thinks('b'),
    says('c'),
    says('d'),
    says('e'),
    says('f', 1),
    calls,
    calls,
  ];
  expect([...joinedDeltas(parts)]).toEqual([
    start,
    { ...thinks('ab'), pieces: 2 },
    { ...says('cde'), pieces: 3 },
    says('f', 1),
    calls,
    calls,
  ]);
});

it('an error comes after what came before it', () => {
  const parts = function* (): Generator<GenerationPart> {
    yield says('a');
    yield says('b');
    throw new Error('broken');
  };
  const told: GenerationPart[] = [];
  expect(() => {
    for (const part of joinedDeltas(parts())) told.push(part);
  }).toThrow('broken');
  expect(told).toEqual([{ ...says('ab'), pieces: 2 }]);
});
