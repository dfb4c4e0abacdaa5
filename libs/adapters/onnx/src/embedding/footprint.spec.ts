import { expect, it } from 'vitest';
import { allMiniLmL6V2 } from '../catalogue/entries.ts';
import { Footprint } from './footprint.ts';

it('is reckoned from the files of a model until its processes have told, then from the largest of them', () => {
  const footprint = new Footprint(allMiniLmL6V2, 2);
  expect(footprint.bytes / 2e6).toBeCloseTo(176, 0);
  footprint.note([]);
  expect(footprint.bytes / 2e6).toBeCloseTo(176, 0);
  footprint.note([150e6, 0]);
  expect(footprint.bytes).toBe(300e6);
  footprint.note([120e6, 160e6]);
  footprint.note([120e6, 130e6]);
  expect(footprint.bytes).toBe(320e6);
});
