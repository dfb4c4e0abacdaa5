import { rerankRequest } from '@millrace/contracts';
import type { Reranker, RerankQuery } from '@millrace/ports';
import { expect, it } from 'vitest';
import { RerankController } from './rerank.controller.ts';

const asked: RerankQuery[] = [];
const reranker: Reranker = {
  model: 'small',
  async rerank(query) {
    asked.push(query);
    return [
      { index: 1, score: 0.8 },
      { index: 0, score: 0.2 },
    ];
  },
};
const rerank = (body: object, by: Reranker | undefined = reranker) =>
  new RerankController(by).rerank({
    body: rerankRequest.parse({ query: 'q', documents: ['a', { text: 'b' }], ...body }),
    signal: new AbortController().signal,
  } as never);

it('takes documents as texts or objects, and says which model was asked', async () => {
  const results = [
    { index: 1, relevance_score: 0.8 },
    { index: 0, relevance_score: 0.2 },
  ];
  expect(await rerank({})).toEqual({ model: 'small', results });
  expect(await rerank({ model: 'large', top_n: 2 })).toEqual({ model: 'large', results });
  expect(asked).toMatchObject([
    { passages: ['a', 'b'], model: 'small' },
    { topN: 2, model: 'large' },
  ]);
});

it('brings the documents where it is asked to', async () => {
  const { results } = await rerank({ return_documents: true });
  expect(results.map(({ document }) => document)).toEqual([{ text: 'b' }, { text: 'a' }]);
});

it('says what to set where there is no reranker', async () => {
  await expect(new RerankController(undefined).rerank({ body: {} } as never)).rejects.toThrow(
    'MILLRACE_RERANKER_BASE_URL',
  );
});
