import type { DocumentStatus, SearchExplanation } from '@millrace/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { Server } from './harness.ts';

let server: Server;
let client: Client;

const sentences = (about: string, count: number): string =>
  Array.from({ length: count }, (_, at) => `The ${about} was looked after in the year ${1700 + at}.`).join(
    ' ',
  );
/** Several chunks, and between two of them what nobody is to read. */
const chronicle = [
  ...['# Chronicle', sentences('sluice gate', 30)],
  ...[
    '## Wheels',
    sentences('overshot wheel', 30),
    '<!-- the miller hid this -->',
    sentences('breast wheel', 30),
  ],
  ...['## Stones', sentences('runner stone', 30)],
].join('\n\n');

beforeAll(async () => {
  server = await Server.start();
  client = server.client();
  const again = 'Herons nest in the old alder at the weir.';
  await client.put('chronicle', { text: chronicle, media_type: 'text/markdown' });
  for (const copy of ['heron-1', 'heron-2', 'heron-3'])
    await client.put(copy, { text: `${again} (${copy})`, metadata: { tags: ['bird', copy] } });
  await client.put('heron-food', { text: 'What herons eat at the weir: minnows, frogs and voles.' });
  for (const id of ['chronicle', 'heron-1', 'heron-2', 'heron-3', 'heron-food'])
    expect((await client.waitFor(id, 'indexed')).state).toBe('indexed');
});
afterAll(() => server.stop());

describe('a search', () => {
  it('says how each score came about, enough to work it out', async () => {
    for (const fusion of ['dbsf', 'rrf'])
      for (const weights of [undefined, { dense: 2, sparse: 0.5 }, { sparse: 0 }]) {
        const results = await client.search('herons at the weir', { fusion, weights, explain: true });
        expect(results.length).toBeGreaterThan(3);
        for (const { score, explanation } of results) {
          expect(explanation!.fused).toBe(score);
          expect(workedOut(explanation!)).toBeCloseTo(score, 9);
        }
      }
    expect((await client.search('herons'))[0]).not.toHaveProperty('explanation');
  });

  it('counts meaning and words as it is told to', async () => {
    const ids = async (options: object): Promise<string[]> =>
      (await client.search('what do herons eat', { top_k: 4, ...options })).map(({ chunk_id }) => chunk_id);
    expect(await ids({ weights: { sparse: 0 } })).toEqual(await ids({ mode: 'dense' }));
    expect((await ids({ weights: { dense: 0 } })).slice(0, 2)).toEqual(
      (await ids({ mode: 'sparse' })).slice(0, 2),
    );
    expect(await ids({ weights: {} })).toEqual(await ids({}));
  });

  it('searches again for what it found first when it is to', async () => {
    const found = (feedback?: object | boolean) =>
      client.search('herons nest at the weir', { mode: 'dense', top_k: 3, feedback });
    const [plain, stays, whole] = [
      await found(),
      await found({ weight: 0 }),
      await found({ results: 1, weight: 1 }),
    ];
    expect(stays.map(({ chunk_id }) => chunk_id)).toEqual(plain.map(({ chunk_id }) => chunk_id));
    expect(stays[0]!.score).toBeCloseTo(plain[0]!.score, 5);
    // It was searched for itself.
    expect(whole[0]!.chunk_id).toBe(plain[0]!.chunk_id);
    expect(whole[0]!.score).toBeCloseTo(1, 5);
    expect(whole[0]).not.toHaveProperty('vector');
    expect((await client.search('herons nest at the weir', { feedback: true })).length).toBeGreaterThan(1);
  });

  it('says something new rather than the same again when it is to', async () => {
    const found = async (mmr?: object): Promise<string[]> =>
      (await client.search('herons nest in the alder at the weir', { top_k: 2, mmr })).map(
        ({ document_id }) => document_id,
      );
    const [first, second] = await found();
    expect([first, second]).toEqual([expect.stringMatching(/^heron-\d/), expect.stringMatching(/^heron-\d/)]);
    expect(await found({ diversity: 0 })).toEqual([first, second]);
    expect(await found({ diversity: 0.8 })).toEqual([first, expect.not.stringMatching(/^heron-\d/)]);
  });

  it('takes in the text around a result, to the letter', async () => {
    const { body } = await client.request<{ text: string }>('GET', '/v1/documents/chronicle/content');
    const { chunks } = (await client.request<DocumentStatus>('GET', '/v1/documents/chronicle')).body;
    expect(chunks).toBeGreaterThan(4);
    const query = 'who looked after the breast wheel in 1710';
    const lengths: number[] = [];
    for (const neighbours of [0, 1, 2, 5]) {
      const results = await client.search(query, { neighbours, filter: { id: 'chronicle' } });
      const { text, start, end, headings } = results[0]!;
      expect(text).toContain('breast wheel');
      expect(text).not.toContain('hid this');
      expect(text).toBe(body.text.slice(start, end));
      expect(headings).toContain('Wheels');
      lengths.push(text.length);
    }
    expect(lengths).toEqual([...new Set(lengths)].sort((a, b) => a - b));
  });

  it('finds what has all of several values', async () => {
    const found = async (all: string[]): Promise<number> =>
      (await client.search('herons', { filter: { tags: { all } } })).length;
    expect(
      await Promise.all([found(['bird']), found(['bird', 'heron-2']), found(['heron-1', 'heron-2'])]),
    ).toEqual([3, 1, 0]);
  });

  it.each<[string, object]>([
    ['weights', { weights: { dense: 0, sparse: 0 } }],
    ['weights', { weights: { dense: 1 }, mode: 'sparse' }],
    ['weights.dense', { weights: { dense: 101 } }],
    ['feedback', { feedback: true, mode: 'sparse' }],
    ['feedback.results', { feedback: { results: 0 } }],
    ['mmr.diversity', { mmr: {} }],
    ['mmr.diversity', { mmr: { diversity: 1.5 } }],
    ['neighbours', { neighbours: 6 }],
    ['explain', { explain: 1 }],
    ['filter.tags.all', { filter: { tags: { all: [] } } }],
  ])('names %s where it is wrong, in a search and in a chat', async (param, options) => {
    const refusal = { status: 400, body: { error: { code: 'invalid_request', param } } };
    expect(await client.request('POST', '/v1/search', { query: 'a', ...options })).toMatchObject(refusal);
    if ('explain' in options) return;
    const chat = { messages: [{ role: 'user', content: 'Herons?' }], millrace: { retrieval: options } };
    expect(await client.request('POST', '/v1/chat/completions', chat)).toMatchObject({
      status: 400,
      body: { error: { param: `millrace.retrieval.${param}` } },
    });
  });

  it('says what to set where it is to rerank and there is no reranker', async () => {
    const asked = [
      ['/v1/search', { query: 'herons', rerank: true }],
      ['/v1/rerank', { query: 'herons', documents: ['a heron'] }],
      [
        '/v1/chat/completions',
        {
          messages: [{ role: 'user', content: 'What do herons eat?' }],
          millrace: { retrieval: { rerank: true } },
        },
      ],
    ] as const;
    for (const [path, body] of asked) {
      const answer = await client.request<{ error: object }>('POST', path, body);
      expect(answer.status).toBe(400);
      expect(answer.body.error).toMatchObject({
        code: 'reranker_missing',
        message: expect.stringContaining('MILLRACE_RERANKER_BASE_URL') as string,
      });
    }
  });

  it('takes the same in a chat', async () => {
    const retrieval = { weights: { dense: 2 }, feedback: true, mmr: { diversity: 0.3 }, neighbours: 1 };
    const chat = { messages: [{ role: 'user', content: 'What do herons eat?' }], millrace: { retrieval } };
    const { status, body } = await client.request('POST', '/v1/chat/completions', chat);
    expect(status).toBe(200);
    expect(JSON.stringify(body)).toContain('minnows');
  });
});

/** By the formulas of the contract. */
function workedOut({ k, dense, sparse }: SearchExplanation): number {
  return [dense, sparse].reduce((sum, side) => {
    if (!side) return sum;
    const { rank, score, weight = NaN, mean = NaN, deviation = NaN } = side;
    if (k !== undefined) return sum + (weight === 0 ? 0 : 1 / (rank / weight + k - 1));
    return sum + weight * (deviation === 0 ? 0.5 : 0.5 + (score - mean) / (6 * deviation));
  }, 0);
}
