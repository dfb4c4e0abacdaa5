import type { SearchRequest } from '@millrace/contracts';
import { ndcg, recall } from '@millrace/text';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '../client.ts';
import { modelsDir } from '../index-access.ts';
import { withGoal, withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { withServer } from '../server.ts';
import { needsSharedData, readJsonLines, sharedData } from '../shared-data.ts';
import { mean } from '../statistics.ts';

/** `reached`: what this model reaches with hybrid DBSF outside of the product; it must not lose on the way. */
const collections = [
  { name: 'cranfield', reached: 0.425 },
  { name: 'npl', reached: 0.488 },
];

type Steering = Pick<SearchRequest, 'mode' | 'fusion' | 'weights' | 'feedback' | 'mmr'>;

const modes: Readonly<Record<string, Steering>> = {
  dense: { mode: 'dense', fusion: 'dbsf' },
  sparse: { mode: 'sparse', fusion: 'dbsf' },
  'hybrid rrf': { mode: 'hybrid', fusion: 'rrf' },
  'hybrid dbsf': { mode: 'hybrid', fusion: 'dbsf' },
  'hybrid dbsf, feedback': { mode: 'hybrid', fusion: 'dbsf', feedback: true },
  'meaning twice, dbsf': { mode: 'hybrid', fusion: 'dbsf', weights: { dense: 2, sparse: 1 } },
  'words twice, dbsf': { mode: 'hybrid', fusion: 'dbsf', weights: { dense: 1, sparse: 2 } },
  'meaning twice, rrf': { mode: 'hybrid', fusion: 'rrf', weights: { dense: 2, sparse: 1 } },
  'words twice, rrf': { mode: 'hybrid', fusion: 'rrf', weights: { dense: 1, sparse: 2 } },
  'diversity .1, dbsf': { mode: 'hybrid', fusion: 'dbsf', mmr: { diversity: 0.1 } },
  'diversity .3, dbsf': { mode: 'hybrid', fusion: 'dbsf', mmr: { diversity: 0.3 } },
};

/** Of the catalogue, beside the default; what is weighted and chosen is measured with that one alone. */
const others = ['bge-small-en-v1.5', 'e5-small-v2'];
const plain = ['dense', 'sparse', 'hybrid rrf', 'hybrid dbsf', 'hybrid dbsf, feedback'];

export const retrieval: Measurement = {
  name: 'retrieval',
  summary:
    'nDCG@10 and recall@100 on Cranfield and NPL by model and mode through the HTTP API (quick: Cranfield, the default model)',
  unavailable: () => needsSharedData(...collections.map(({ name }) => `retrieval/${name}`)),
  run: async (context) => {
    const cases: Case[] = [];
    for (const collection of context.quick ? collections.slice(0, 1) : collections)
      for (const model of [undefined, ...(context.quick ? [] : others)]) {
        if (model !== undefined && !existsSync(join(modelsDir, model))) {
          context.note(`NOT RUN: ${model}: npm run millrace -- models pull ${model}`);
          continue;
        }
        const env = model === undefined ? {} : { MILLRACE_MODELS_EMBEDDING: model };
        const judged = ({ url }: { readonly url: string }): Promise<Case[]> =>
          judge(collection, model, new Client(url, context.signal), context);
        cases.push(...(await withServer({ env }, judged)));
      }
    return cases;
  },
};

interface Text {
  readonly _id: string;
  readonly title?: string;
  readonly text: string;
}

async function judge(
  { name, reached }: (typeof collections)[number],
  model: string | undefined,
  client: Client,
  { note }: BenchContext,
): Promise<Case[]> {
  const title = model === undefined ? name : `${name}, ${model},`;
  const corpus = await readJsonLines<Text>(`retrieval/${name}/corpus.jsonl`);
  note(`${title} pushing ${corpus.length} documents`);
  await client.putAll(corpus.filter(({ text }) => text.trim()).map(asDocument));
  const states = await client.settled();
  note(`${title} ${JSON.stringify(states)}`);
  const queries = await judgedQueries(name);
  const cases: Case[] = [];
  const gains = new Map<string, number>();
  for (const [mode, steering] of Object.entries(modes)) {
    if (model !== undefined && !plain.includes(mode)) continue;
    const ranked = await rankings(client, queries, steering);
    const score = (of: typeof ndcg, k: number) =>
      mean(queries.map(({ relevant }, i) => of(ranked[i] ?? [], relevant, k)));
    const figure = { case: `${title} ${mode} nDCG@10`, value: score(ndcg, 10), unit: '', n: queries.length };
    gains.set(mode, figure.value);
    const hasGoal = model === undefined && mode === 'hybrid dbsf';
    cases.push(hasGoal ? withGoal(figure, { sense: '>=', limit: reached }) : withoutGoal(figure));
    cases.push(withoutGoal({ ...figure, case: `${title} ${mode} recall@100`, value: score(recall, 100) }));
  }
  return [...cases, againstParts(title, gains, queries.length)];
}

/** Both together are to find more than either alone. */
function againstParts(title: string, gains: ReadonlyMap<string, number>, n: number): Case {
  const [hybrid, parts] = [gains.get('hybrid dbsf')!, Math.max(gains.get('dense')!, gains.get('sparse')!)];
  const peer = { peer: 'the better of its parts', peer_value: parts, ratio: hybrid / parts };
  const figure = {
    case: `${title} hybrid dbsf nDCG@10 against its parts`,
    value: hybrid,
    unit: '',
    n,
    ...peer,
  };
  return withGoal(figure, { sense: '>=', limit: 1 }, 'ratio');
}

/** The text of Cranfield begins with the title; it is not said twice. */
function asDocument({ _id, title = '', text }: Text): [string, { title?: string; text: string }] {
  const body = title && text.startsWith(title) ? text.slice(title.length).trim() || text : text;
  return [_id, { ...(title && { title }), text: body }];
}

interface JudgedQuery {
  readonly text: string;
  readonly relevant: ReadonlySet<string>;
}

async function judgedQueries(name: string): Promise<JudgedQuery[]> {
  const judgements = (await readFile(sharedData(`retrieval/${name}/qrels.tsv`), 'utf8')).split('\n').slice(1);
  const relevant = new Map<string, Set<string>>();
  for (const [query, document, score] of judgements.map((line) => line.split('\t')))
    if (query && document && Number(score) > 0)
      relevant.set(query, (relevant.get(query) ?? new Set()).add(document));
  const queries = await readJsonLines<Text>(`retrieval/${name}/queries.jsonl`);
  return queries.flatMap(({ _id, text }) => {
    const documents = relevant.get(_id);
    return documents ? [{ text, relevant: documents }] : [];
  });
}

/** Documents by their best chunk. */
async function rankings(
  client: Client,
  queries: readonly JudgedQuery[],
  steering: Steering,
): Promise<string[][]> {
  const ranked: string[][] = [];
  for (const { text } of queries) {
    const { results } = await client.search({ query: text, top_k: 100, ...steering });
    ranked.push([...new Set(results.map(({ document_id }) => document_id))]);
  }
  return ranked;
}
