import { randomNumbers } from '@millrace/testing';
import { delay, type Client } from './client.ts';
import type { BenchContext } from './measurement.ts';
import { percentiles } from './statistics.ts';
import { paragraphs } from './synthetic-text.ts';

/** From the answer to the push until the long poll says that the document can be found. Another seed: other documents. */
export async function timeToSearchable(client: Client, { quick, note }: BenchContext, seed = 3) {
  note('one small document at a time');
  const warmUp = 3;
  const times: number[] = [];
  const random = randomNumbers(seed);
  for (let i = 0; i < (quick ? 10 : 50) + warmUp; i++) {
    await client.put(`single-${seed}-${i}`, { text: paragraphs(1, random) });
    const began = performance.now();
    await client.indexed(`single-${seed}-${i}`);
    times.push(performance.now() - began);
    await delay(50);
  }
  return percentiles(times.slice(warmUp));
}

/** As many as are on their way at once. */
const lastOnes = 16;

/** About 1,000 tokens a document, none like another: a vector that is known would come from the cache. In seconds. */
export async function pushRound(
  client: Client,
  prefix: string,
  size: number,
  random: () => number,
): Promise<number> {
  const documents = Array.from({ length: size }, (_, i): [string, { text: string }] => [
    `${prefix}${i}`,
    { text: paragraphs(6, random) },
  ]);
  const began = performance.now();
  await client.putAll(documents);
  // The last are hardly found before the others: until then nobody asks for the state of all, which costs time. The
  // server looks ever less often for whoever waits long, so each is waited for a short time only.
  for (const [id] of documents.slice(-lastOnes)) await client.indexed(id);
  const states = await client.settled();
  if (states['dead-lettered']) throw new Error(`${states['dead-lettered']} documents were dead-lettered`);
  return (performance.now() - began) / 1000;
}
