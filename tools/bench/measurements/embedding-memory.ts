import { loadTokenizer } from '@millrace/text';
import { randomNumbers, treeMegabytes } from '@millrace/testing';
import { EmbeddingClient } from '../embedding-client.ts';
import { withGoal, withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { withServer } from '../server.ts';
import { percentile } from '../statistics.ts';
import { paragraphs } from '../synthetic-text.ts';

const inFlight = 8;
/** Tokens of a text; short ones are as frequent as long ones, on a logarithmic scale. */
const [shortest, longest] = [5, 500];
const pool = 2_000;
/** Texts of a list at most; every third request is one. */
const mostInList = 8;
const parts = 10;

/** Whether what a server takes keeps growing: its first tenth is warm-up and shapes that are seen for the first time. */
export const embeddingMemory: Measurement = {
  name: 'embedding-memory',
  summary: 'memory of all processes over 50,000 requests for embeddings of every length, single and in lists',
  run: (context) =>
    withServer({}, async ({ url, pid }) => {
      const client = new EmbeddingClient(`${url}/v1`, 'all-minilm-l6-v2', context.signal);
      const requests = context.quick ? 3_000 : 50_000;
      return figures(requests, await megabytesOf(pid, client, requests, context));
    }),
};

/** Of each part of the requests, looked at a hundred times. */
async function megabytesOf(
  pid: number,
  client: EmbeddingClient,
  requests: number,
  { note }: BenchContext,
): Promise<number[][]> {
  const texts = await textsOfEveryLength();
  const random = randomNumbers(29);
  const any = (): string => texts[Math.floor(random() * texts.length)]!;
  const seen: number[][] = Array.from({ length: parts }, () => []);
  let next = 0;
  const sender = async (): Promise<void> => {
    for (let n = next++; n < requests; n = next++) {
      if (n % (requests / parts) === 0) note(`${n} of ${requests} requests`);
      if (n % (requests / parts / 100) === 0)
        seen[Math.floor((n / requests) * parts)]!.push(treeMegabytes(pid));
      const isList = n % 3 === 0;
      const count = isList ? 2 + Math.floor(random() * (mostInList - 1)) : 1;
      await client.embed(isList ? Array.from({ length: count }, any) : any());
    }
  };
  await Promise.all(Array.from({ length: inFlight }, sender));
  return seen;
}

async function textsOfEveryLength(): Promise<string[]> {
  const tokenizer = await loadTokenizer();
  const random = randomNumbers(23);
  const words = paragraphs(400, random).split(/\s+/);
  return Array.from({ length: pool }, () => {
    const tokens = Math.round(shortest * (longest / shortest) ** random());
    const from = Math.floor(random() * (words.length - longest));
    const text = words.slice(from, from + tokens);
    while (tokenizer.encode(text.join(' ')).length > tokens && text.length > 1) text.pop();
    return text.join(' ');
  });
}

const median = (megabytes: readonly number[]): number => percentile(megabytes, 0.5);

function figures(requests: number, seen: readonly (readonly number[])[]): Case[] {
  const [second, last] = [median(seen[1]!), median(seen[parts - 1]!)];
  return [
    withGoal(
      {
        ...{ case: 'memory in the last tenth', value: last, unit: 'MB', n: requests },
        ...{ peer: 'in the second tenth', peer_value: second, ratio: last / second },
      },
      { sense: '<=', limit: 1.05 },
      'ratio',
    ),
    ...seen.map((megabytes, part) =>
      withoutGoal({
        ...{
          case: `part ${part + 1} of ${parts}`,
          value: median(megabytes),
          unit: 'MB',
          n: requests / parts,
        },
      }),
    ),
  ];
}
