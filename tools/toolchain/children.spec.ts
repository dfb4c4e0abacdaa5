import { expect, it } from 'vitest';
import { oncePerPress } from './children.mjs';

it('forwards one signal for one key press, however often it is delivered, and the next press again', () => {
  let now = 0;
  const forwarded: string[] = [];
  const press = oncePerPress(
    (signal) => forwarded.push(signal),
    () => now,
  );
  press('SIGINT');
  now = 3;
  press('SIGINT');
  expect(forwarded).toEqual(['SIGINT']);
  now = 2000;
  press('SIGINT');
  expect(forwarded).toEqual(['SIGINT', 'SIGINT']);
});
