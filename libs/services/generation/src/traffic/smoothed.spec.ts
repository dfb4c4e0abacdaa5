import { expect, it } from 'vitest';
import { Smoothed } from './smoothed.ts';

it('knows nothing, then what it saw, then something above most of it', () => {
  const time = new Smoothed();
  expect([time.mean, time.upper]).toEqual([undefined, 0]);
  time.observe(100);
  expect([time.mean, time.upper]).toEqual([100, 100]);
  for (let n = 0; n < 100; n++) time.observe(n % 2 === 0 ? 80 : 120);
  expect(time.mean).toBeCloseTo(100, -1);
  expect(time.upper).toBeGreaterThan(120);
});

it('follows a change within some values', () => {
  const time = new Smoothed();
  for (let n = 0; n < 50; n++) time.observe(100);
  for (let n = 0; n < 8; n++) time.observe(1_000);
  expect(time.mean).toBeGreaterThan(800);
});

it('forgets all when it starts again', () => {
  const time = new Smoothed();
  for (const value of [10, 5_000]) time.observe(value);
  time.restart(20);
  expect([time.mean, time.upper]).toEqual([20, 20]);
});
