import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChatCompletion, SearchResponse } from '@millrace/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { Server } from './harness.ts';

/** A reranker that likes what says `heron` often. While it stalls it takes requests and answers none. */
let stalls = false;
const reranker = createServer((request, response) => void answer(request, response));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = '';
  for await (const part of request) text += String(part);
  if (stalls) return;
  const { documents } = JSON.parse(text) as { documents: string[] };
  const results = documents.map((document, index) => ({
    index,
    relevance_score: document.toLowerCase().split('heron').length,
  }));
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ results }));
}

let server: Server;
let client: Client;
const query = 'Where does the mill get its water?';

beforeAll(async () => {
  await new Promise<void>((resolve) => reranker.listen(0, '127.0.0.1', resolve));
  const { port } = reranker.address() as AddressInfo;
  server = await Server.start({
    env: {
      MILLRACE_RERANKER_BASE_URL: `http://127.0.0.1:${port}`,
      MILLRACE_RERANKER_MODEL: 'herons-first',
      MILLRACE_RETRIEVAL_RERANK_MS: '2000',
    },
  });
  client = server.client();
  const texts = {
    race: 'The mill gets its water from the race, a channel that begins at the weir.',
    heron: 'A heron watches another heron at the water of the mill.',
    stones: 'The stones of the mill are dressed twice a year.',
  };
  for (const [id, text] of Object.entries(texts)) await client.put(id, { text });
  for (const id of Object.keys(texts)) expect((await client.waitFor(id, 'indexed')).state).toBe('indexed');
});
afterAll(async () => {
  await server.stop();
  reranker.closeAllConnections();
  await new Promise((resolve) => reranker.close(resolve));
});
beforeEach(() => {
  stalls = false;
});

const search = async (more: object): Promise<SearchResponse & { ids: string[] }> => {
  const { body } = await client.request<SearchResponse>('POST', '/v1/search', { query, top_k: 2, ...more });
  return { ...body, ids: body.results.map(({ document_id }) => document_id) };
};

describe('reranking', () => {
  it('orders texts of the caller’s own', async () => {
    const documents = ['a mill', { text: 'a heron and a heron' }, 'one heron'];
    const body = { query, documents, top_n: 2, return_documents: true };
    expect((await client.request('POST', '/v1/rerank', body)).body).toEqual({
      model: 'herons-first',
      results: [
        { index: 1, relevance_score: 3, document: { text: 'a heron and a heron' } },
        { index: 2, relevance_score: 2, document: { text: 'one heron' } },
      ],
    });
  });

  it('refuses what it cannot take', async () => {
    const documents = ['a mill'];
    for (const body of [
      { query },
      { query: ' ', documents },
      { query, documents: [] },
      { query, documents: [''] },
      { query, documents: Array(1001).fill('a') },
      { query, documents, top_n: 0 },
    ])
      expect((await client.request('POST', '/v1/rerank', body)).status).toBe(400);
  });

  it('orders results where it is asked to, and says how', async () => {
    const plain = await search({});
    expect(plain.ids[0]).toBe('race');
    expect(plain).not.toHaveProperty('rerank');
    const { ids, results, rerank } = await search({ rerank: true, explain: true });
    expect(ids[0]).toBe('heron');
    expect(rerank).toMatchObject({ outcome: 'done', candidates: 3 });
    expect(results[0]!.explanation).toMatchObject({ rerank: { score: 3, rank: 1 } });
    expect(results[0]!.score).toBe(results[0]!.explanation!.fused);
  });

  it('goes together with diversity and neighbours', async () => {
    const { ids, rerank } = await search({ rerank: true, mmr: { diversity: 0.5 }, neighbours: 1 });
    expect(ids[0]).toBe('heron');
    expect(rerank!.outcome).toBe('done');
  });

  it('falls back to the order of scores when it is late, says so and counts it', async () => {
    const plain = await search({});
    stalls = true;
    const { ids, rerank } = await search({ rerank: true });
    expect(ids).toEqual(plain.ids);
    expect(rerank!.outcome).toBe('late');
    const metrics = await Promise.all(
      (await server.processes()).map(async (url) => (await fetch(`${url}/metrics`)).text()),
    );
    expect(metrics.join('\n')).toMatch(/millrace_search_reranks_total\{.*outcome="late".*\} 1/);
  });

  it('orders the passages of an answer, which says what became of it', async () => {
    const messages = [{ role: 'user', content: query }];
    const body = { messages, millrace: { retrieval: { rerank: { candidates: 10 } } } };
    const answered = await client.request<ChatCompletion>('POST', '/v1/chat/completions', body);
    expect(answered.body.millrace).toMatchObject({ generator: 'extractive', rerank: 'done' });
    const streamed = await client.open('POST', '/v1/chat/completions', { ...body, stream: true });
    expect(await streamed.text()).toContain('"millrace":{"generator":"extractive","rerank":"done"');
  });
});
