import type { Example } from './example.ts';
import { readModerationSet } from './moderation-set.ts';
import { vectorsOf } from './vectors.ts';

/** All that is trained on and measured by. */
export async function readExamples(): Promise<Example[]> {
  const set = await readModerationSet();
  const vectors = await vectorsOf(set.map(({ text }) => text));
  return set.map((labelled, at) => ({ ...labelled, vector: vectors[at]! }));
}
