import { expect, it } from 'vitest';
import { cacheWishIn } from './cache-wish.ts';

it.each([
  [undefined, true, true],
  ['max-age=0', true, true],
  ['no-cache', false, true],
  [' No-Cache , max-age=0', false, true],
  ['no-store', false, false],
  ['no-cache, no-store', false, false],
])('of a request with Cache-Control %s answers may be told: %s, and kept: %s', (header, read, store) => {
  expect(cacheWishIn(header)).toEqual({ read, store });
});
