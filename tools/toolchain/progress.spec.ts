import { expect, it } from 'vitest';
import { step } from './progress.mjs';

const collect = (isTTY: boolean) => {
  const written: string[] = [];
  return { out: { isTTY, columns: 60, write: (text: string) => written.push(text) }, written };
};

it('rewrites one line on a terminal', () => {
  const { out, written } = collect(true);
  const progress = step('Fetching', out);
  progress.update('3 of 4');
  progress.done('Fetched');
  expect(written.every((text) => text.startsWith('\r'))).toBe(true);
  expect(written.at(-2)).toContain('Fetching: 3 of 4');
  expect(written.at(-1)).toMatch(/✓ Fetched \(\d+\.\d s\)\n$/);
});

it('writes few plain lines where there is no terminal', () => {
  const { out, written } = collect(false);
  const progress = step('Fetching', out);
  for (let n = 0; n < 1000; n++) progress.update(`${n}`);
  progress.failed('Not fetched');
  expect(written).toHaveLength(2);
  expect(written.join('')).not.toContain('\x1b');
  expect(written.at(-1)).toMatch(/^✗ Not fetched/);
});
