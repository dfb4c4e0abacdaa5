import { expect, it } from 'vitest';
import { costOf } from './cost.ts';

it('money is rounded up to a millionth', () => {
  const tokens = { promptTokens: 3, completionTokens: 1 };
  expect(costOf(tokens, { prompt: 0.15, completion: 0.6 })).toEqual({ requests: 1, tokens: 4, spend: 2 });
});

it('nothing costs more than can be counted', () => {
  const tokens = { promptTokens: 1, completionTokens: Number.MAX_SAFE_INTEGER };
  expect(costOf(tokens, { prompt: 0, completion: 1_000 })).toEqual({
    ...{ requests: 1, tokens: 2 ** 52, spend: 2 ** 52 },
  });
});
