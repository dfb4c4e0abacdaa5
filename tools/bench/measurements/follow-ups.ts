import type { ChatCompletion } from '@millrace/contracts';
import { followUpWithWords } from '@millrace/text';
import { Client } from '../client.ts';
import { followUpPairs, type FollowUpPair } from '../follow-up-pairs.ts';
import { withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { withServer } from '../server.ts';
import { needsSharedData } from '../shared-data.ts';
import { holdsAnswer, readXquad, xquadFile, type Question } from '../xquad.ts';

/** What is looked up for the second of two questions. */
const ways: Readonly<Record<string, (first: string, second: string) => string>> = {
  'the last turn': (_, second) => second,
  'all turns joined': (first, second) => `${first}\n${second}`,
  'the last turn with the words that it lacks': (first, second) => followUpWithWords([first, second]),
};

export const followUps: Measurement = {
  name: 'follow-ups',
  summary:
    'XQuAD English as conversations: is the paragraph found for a question that leans on the one before',
  unavailable: () => needsSharedData(xquadFile),
  run: (context) => withServer({}, ({ url }) => converse(new Client(url, context.signal), context)),
};

async function converse(client: Client, { quick, note }: BenchContext): Promise<Case[]> {
  const { paragraphs, questions } = await readXquad();
  note(`pushing ${paragraphs.length} paragraphs`);
  await client.putAll(paragraphs.map(({ id, text }) => [id, { text }] as const));
  await client.settled();
  const some = <T>(all: readonly T[]): T[] => all.filter((_, at) => !quick || at % 8 === 0);
  const leaning = some(followUpPairs(questions));
  const alone = some(afterAnother(questions));
  note(
    `${leaning.length} follow-ups, ${alone.length} questions that stand alone after one of another article`,
  );
  return [
    ...(await found(client, 'follow-up', leaning)),
    ...(await found(client, 'stands alone after another subject', alone)),
    ...(await answered(client, leaning)),
  ];
}

/** Each question after one about something else. */
const afterAnother = (questions: readonly Question[]): FollowUpPair[] =>
  questions.map((second, at) => {
    const others = [...questions.slice(at), ...questions.slice(0, at)];
    return { first: others.find(({ article }) => article !== second.article)!.text, second };
  });

async function found(client: Client, kind: string, pairs: readonly FollowUpPair[]): Promise<Case[]> {
  const cases: Case[] = [];
  for (const [way, queryOf] of Object.entries(ways)) {
    const ranks: number[] = [];
    for (const { first, second } of pairs) {
      const { results } = await client.search({ query: queryOf(first, second.text), top_k: 10 });
      ranks.push([...new Set(results.map(({ document_id }) => document_id))].indexOf(second.paragraph));
    }
    for (const top of [1, 5])
      cases.push(
        share(
          `${kind}, ${way}: gold paragraph in the top ${top}`,
          ranks.map((rank) => rank >= 0 && rank < top),
        ),
      );
  }
  return cases;
}

/** Through chat completions, by extracts. */
async function answered(client: Client, pairs: readonly FollowUpPair[]): Promise<Case[]> {
  const holds = async (second: Question, ...earlier: readonly string[]): Promise<boolean> => {
    const messages = [...earlier, second.text].map((content) => ({ role: 'user', content }));
    const { choices } = await client.json<ChatCompletion>('POST', '/v1/chat/completions', { messages });
    return holdsAnswer(choices[0]?.message.content ?? '', second);
  };
  const [asOne, inConversation]: [boolean[], boolean[]] = [[], []];
  for (const { first, second } of pairs) {
    asOne.push(await holds(second));
    inConversation.push(await holds(second, first));
  }
  return [
    share('answer to the last turn alone holds the gold answer', asOne),
    share('answer in its conversation holds the gold answer', inConversation),
  ];
}

const share = (name: string, of: readonly boolean[]): Case =>
  withoutGoal({ case: name, value: (100 * of.filter(Boolean).length) / of.length, unit: '%', n: of.length });
