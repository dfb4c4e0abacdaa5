import { expect, it } from 'vitest';
import { serviceOf } from './service.ts';

it('counts a token of an answer twice, and no more than an answer can have', () => {
  expect(serviceOf({ promptTokens: 10, completionTokens: 3 })).toBe(16);
  expect(serviceOf({ promptTokens: 10, completionTokens: 2 ** 52 })).toBe(10_000_000);
});
