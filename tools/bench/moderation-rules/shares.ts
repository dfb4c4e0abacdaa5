import { estimated } from '../../train-moderation/bootstrap.ts';

/** The share of the texts in which something is found, with its interval. */
export async function shareOf(texts: readonly string[], isFound: (text: string) => Promise<boolean>) {
  const found: boolean[] = [];
  for (const text of texts) found.push(await isFound(text));
  const share = (sample: readonly boolean[]): number => sample.filter(Boolean).length / sample.length;
  return { unit: 'of 1', n: texts.length, ...estimated(found, share) };
}
