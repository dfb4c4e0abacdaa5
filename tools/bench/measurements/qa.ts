import type { ChatCompletion } from '@millrace/contracts';
import { Client } from '../client.ts';
import { withGoal, withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { withServer } from '../server.ts';
import { needsSharedData } from '../shared-data.ts';
import { holdsAnswer, readXquad, xquadFile, type Question } from '../xquad.ts';

export const qa: Measurement = {
  name: 'qa',
  summary:
    'XQuAD English: is the gold paragraph among the first results, and does the answer hold the gold answer',
  unavailable: () => needsSharedData(xquadFile),
  run: (context) => withServer(languageModel(), ({ url }) => ask(new Client(url, context.signal), context)),
};

/** Another generator than the extracts, where the person has named one. */
const languageModel = () => ({
  env: Object.fromEntries(
    ['BASE_URL', 'API_KEY', 'MODEL'].flatMap((name) => {
      const value = process.env[`MILLRACE_LLM_${name}`];
      return value ? [[`MILLRACE_LLM_${name}`, value]] : [];
    }),
  ),
});

interface Outcome {
  /** Place of the gold paragraph among the results, from 0; -1 when it is not there. */
  readonly rank: number;
  readonly answered: boolean;
  readonly answeredFromGold: boolean;
}

async function ask(client: Client, { quick, note }: BenchContext): Promise<Case[]> {
  const { paragraphs, questions } = await readXquad();
  note(`pushing ${paragraphs.length} paragraphs`);
  await client.putAll(paragraphs.map(({ id, text }) => [id, { text }] as const));
  await client.settled();
  const asked = quick ? questions.filter((_, i) => i % 8 === 0) : questions;
  note(`asking ${asked.length} questions`);
  const outcomes: Outcome[] = [];
  for (const question of asked) outcomes.push(await askOne(client, question));
  const isTaken = ({ article }: { readonly article: number }): boolean => article % 2 === 1;
  note('taking every second article away, and asking its questions');
  for (const { id } of paragraphs.filter(isTaken)) await client.json('DELETE', `/v1/documents/${id}`);
  await client.settled();
  const unfit = asked.filter(isTaken);
  let toldSo = 0;
  for (const { text } of unfit) if (citationsOf(await answerTo(client, text)).length === 0) toldSo += 1;
  const share = { case: 'of questions about what is not there, answered without a citation', unit: '%' };
  return [
    ...cases(outcomes),
    withoutGoal({ ...share, value: (100 * toldSo) / unfit.length, n: unfit.length }),
  ];
}

const answerTo = async (client: Client, question: string) => {
  const request = { messages: [{ role: 'user', content: question }] };
  const { choices } = await client.json<ChatCompletion>('POST', '/v1/chat/completions', request);
  return choices[0]?.message;
};

const citationsOf = (message: Awaited<ReturnType<typeof answerTo>>) => message?.annotations ?? [];

async function askOne(client: Client, question: Question): Promise<Outcome> {
  const { text, paragraph } = question;
  const { results } = await client.search({ query: text, top_k: 10 });
  const message = await answerTo(client, text);
  const answered = holdsAnswer(message?.content ?? '', question);
  return {
    rank: [...new Set(results.map(({ document_id }) => document_id))].indexOf(paragraph),
    answered,
    answeredFromGold: answered && citationsOf(message).some(({ document_id }) => document_id === paragraph),
  };
}

function cases(outcomes: readonly Outcome[]): Case[] {
  const share = (name: string, of: (outcome: Outcome) => boolean) => ({
    case: name,
    value: (100 * outcomes.filter(of).length) / outcomes.length,
    unit: '%',
    n: outcomes.length,
  });
  return [
    ...[1, 5, 10].map((k) =>
      withoutGoal(share(`gold paragraph in the top ${k}`, ({ rank }) => rank >= 0 && rank < k)),
    ),
    // The best single sentence contains the answer in 71 to 80 % when the gold paragraph is given.
    withGoal(
      share('answer contains the gold answer', ({ answered }) => answered),
      { sense: '>=', limit: 80 },
    ),
    withoutGoal(share('... and cites the gold paragraph', ({ answeredFromGold }) => answeredFromGold)),
  ];
}
