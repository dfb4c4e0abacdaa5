import { expect, it } from 'vitest';
import { suiteProfile } from '../harness.ts';
import { leaveAtRandom } from './disconnects.ts';

it('the back end is let go of whenever an asker leaves, and each question has its record', async (context) => {
  context.skip(suiteProfile !== 'standalone', 'the log of the standalone profile is a file');
  const seed = Date.now() % 1_000_000;
  const { letGoMs, ...seen } = await leaveAtRandom({ questions: 60, seed });
  expect(letGoMs.length, `seed ${seed}`).toBeGreaterThan(20);
  expect(letGoMs, `seed ${seed}`).not.toContain(Infinity);
  expect(seen, `seed ${seed}`).toMatchObject({ orphans: 0, unrecorded: [] });
}, 120_000);
