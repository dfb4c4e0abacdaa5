import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { sharedData } from '../bench/shared-data.ts';
import { categoryOf, type Category } from './example.ts';

export const moderationSet = 'moderation/openai-moderation.jsonl.gz';

type Key = keyof typeof categoryOf;
type Line = { readonly prompt: string } & Partial<Record<Key, 0 | 1>>;

export interface LabelledText {
  readonly text: string;
  readonly labels: Partial<Record<Category, boolean>>;
}

/** Prompts that OpenAI labelled, of openai/moderation-api-release under the MIT licence. */
export async function readModerationSet(): Promise<LabelledText[]> {
  const lines = gunzipSync(await readFile(sharedData(moderationSet)))
    .toString('utf8')
    .split('\n');
  return lines.filter(Boolean).map((line) => {
    const { prompt, ...keys } = JSON.parse(line) as Line;
    const labels = Object.entries(keys).map(([key, label]) => [categoryOf[key as Key], label === 1]);
    return { text: prompt, labels: Object.fromEntries(labels) as LabelledText['labels'] };
  });
}
