import { MillraceError } from '@millrace/contracts';
import { answerWith, MockBackEnd } from '@millrace/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpReranker, type HttpRerankerOptions } from './http-reranker.ts';

const secret = 'rk-test-1234567890';
const passages = ['the weir', 'the mill', 'the heron'];

let backEnd: MockBackEnd;
let url: string;
let reranker: HttpReranker;

const connect = (options: Partial<HttpRerankerOptions> = {}): HttpReranker =>
  (reranker = new HttpReranker({ baseUrl: url, apiKey: secret, model: 'small', ...options }));

beforeEach(async () => {
  backEnd = new MockBackEnd(answerWith(404));
  url = await backEnd.listen();
  connect();
});
afterEach(async () => {
  await reranker.close();
  await backEnd.close();
});

const row = (index: unknown, relevance_score: unknown) => ({ index, relevance_score });
const asking = (more: object = {}, signal = new AbortController().signal) =>
  reranker.rerank({ query: 'who grinds', passages, ...more }, signal);
const failure = async (more?: object, signal?: AbortSignal): Promise<MillraceError> => {
  const thrown: unknown = await asking(more, signal).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(MillraceError);
  return thrown as MillraceError;
};

describe('a reranker', () => {
  it('is asked as Cohere, Jina and vLLM are, and its scores come best first', async () => {
    backEnd.next(answerWith(200, { model: 'small', results: [row(2, 0.1), row(1, 0.9), row(0, 0.1)] }));
    expect(await asking()).toEqual([
      { index: 1, score: 0.9 },
      { index: 0, score: 0.1 },
      { index: 2, score: 0.1 },
    ]);
    const [{ path, body, authorization }] = backEnd.requests as [(typeof backEnd.requests)[number]];
    expect({ path, authorization }).toEqual({ path: '/v1/rerank', authorization: `Bearer ${secret}` });
    expect(JSON.parse(body)).toEqual({ model: 'small', query: 'who grinds', documents: passages, top_n: 3 });
  });

  it('is asked as Text Embeddings Inference is where it is said to be one', async () => {
    connect({ format: 'tei', model: undefined, apiKey: undefined });
    backEnd.next(
      answerWith(200, [
        { index: 1, score: -3 },
        { index: 0, score: 4.5 },
      ]),
    );
    expect(await asking({ topN: 1 })).toEqual([{ index: 0, score: 4.5 }]);
    expect(JSON.parse(backEnd.requests[0]!.body)).toEqual({
      query: 'who grinds',
      texts: passages,
      truncate: true,
    });
    expect(backEnd.requests[0]).not.toHaveProperty('authorization');
  });

  it('gives at most as many as are asked for, of the model that is asked for', async () => {
    backEnd.next(answerWith(200, { results: [row(0, 0.5), row(1, 0.4), row(2, 0.3)] }));
    expect(await asking({ topN: 2, model: 'large' })).toHaveLength(2);
    expect(await asking({ topN: 50 })).toHaveLength(3);
    expect(backEnd.requests.map(({ body }) => JSON.parse(body) as object)).toMatchObject([
      { model: 'large', top_n: 2 },
      { model: 'small', top_n: 3 },
    ]);
  });

  it('may say the passages again, however long they are', async () => {
    const long = ['\u0001'.repeat(300_000), 'b'];
    const document = { text: long[0] };
    backEnd.next(answerWith(200, { results: [{ ...row(0, 1), document }, row(1, 0)] }));
    expect(await reranker.rerank({ query: 'q', passages: long }, new AbortController().signal)).toHaveLength(
      2,
    );
  });

  it.each([
    ['no JSON', 'ready'],
    ['no results', { data: [] }],
    ['null', 'null'],
    ['a row that is none', { results: [null] }],
    ['an index beyond the passages', { results: [row(3, 1)] }],
    ['a negative index', { results: [row(-1, 1)] }],
    ['an index that is none', { results: [row('1', 1)] }],
    ['a passage twice', { results: [row(1, 1), row(1, 0)] }],
    ['a score that is none', { results: [row(1, 'high')] }],
    ['an answer without an end', `[${'1,'.repeat(400_000)}`],
  ])('that answers with %s is in error', async (_, body) => {
    backEnd.next(answerWith(200, body));
    expect(await failure()).toMatchObject({
      code: 'reranker_error',
      detail: 'its answer has no known shape',
    });
  });

  it.each([
    [400, 'reranker_refused'],
    [404, 'reranker_refused'],
    [413, 'reranker_refused'],
    [401, 'reranker_error'],
    [500, 'reranker_error'],
    [503, 'reranker_unavailable'],
    [429, 'queue_full'],
  ])('that answers %d is told of as %s, without its key', async (status, code) => {
    backEnd.next(answerWith(status, { message: `no, ${secret}` }, { 'retry-after': '7' }));
    const error = await failure();
    expect(error.code).toBe(code);
    expect(`${error.message} ${String(error.cause)}`).not.toContain(secret);
    if (status === 401) expect(error.message).toContain('MILLRACE_RERANKER_API_KEY');
    if (status === 429) expect(error.retryAfter).toBe(7);
  });

  it('that does not answer in time, or is not there, is unavailable', async () => {
    connect({ timeoutMs: 100 });
    backEnd.next((response) => response.writeHead(200).write('{"results":'));
    expect((await failure()).code).toBe('reranker_unavailable');
    connect({ baseUrl: 'http://127.0.0.1:1/v1' });
    expect((await failure()).code).toBe('reranker_unavailable');
  });

  it('is let go of when the caller goes', async () => {
    const caller = new AbortController();
    backEnd.next(() => caller.abort());
    expect((await failure({}, caller.signal)).code).toBe('cancelled');
    await expect.poll(() => backEnd.abandoned).toBe(1);
  });
});
