import { expect, it } from 'vitest';
import { tierOf } from './service-tier.ts';

it.each([
  ['flex', true, 'flex'],
  ['priority', true, 'priority'],
  ['fast', true, 'priority'],
  ['priority', false, 'default'],
  ['fast', false, 'default'],
  ['auto', true, 'default'],
  ['default', true, 'default'],
  ['scale', true, 'default'],
  [null, true, 'default'],
  [undefined, true, 'default'],
] as const)('who asks for %s, and may have priority: %s, has %s', (asked, mayHavePriority, tier) => {
  expect(tierOf(asked, mayHavePriority)).toBe(tier);
});
