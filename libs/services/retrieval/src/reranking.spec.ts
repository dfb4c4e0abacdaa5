import { searchRequest, type Rerank } from '@millrace/contracts';
import type { Logger } from '@millrace/platform';
import type { PassageScore, Reranker, RerankQuery, SearchHit } from '@millrace/ports';
import { beforeEach, describe, expect, it } from 'vitest';
import { Reranking } from './reranking.ts';

const hits = ['a', 'b', 'c', 'd', 'e'].map((id, ordinal): SearchHit => ({
  ...{ id, ordinal, document: id, version: 1, text: `text ${id}`, tokens: 2, start: 0, end: 6 },
  ...{ headings: ['Part'], title: `Title ${id}`, score: 5 - ordinal, metadata: {} },
  explanation: { absent: [] },
}));
const ids = (found: readonly SearchHit[]): string => found.map(({ id }) => id).join('');

let asked: RerankQuery[];
let warnings: string[];
beforeEach(() => {
  asked = [];
  warnings = [];
});

/** Likes the last best, up to as many as it is asked for. */
const lastFirst: Reranker = {
  model: 'm',
  async rerank(query) {
    asked.push(query);
    const { passages, topN } = query;
    return passages
      .map((_, index): PassageScore => ({ index, score: index / 10 }))
      .reverse()
      .slice(0, topN);
  },
};
const stalled: Reranker = {
  model: 'm',
  rerank: (_, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
};
const broken: Reranker = { model: 'm', rerank: () => Promise.reject(new Error('no')) };

function reranking(reranker: Reranker | undefined, rerankMs = 10_000): Reranking {
  const logger = { warn: (_: unknown, message: string) => void warnings.push(message) };
  return new Reranking(reranker, { rerankMs }, logger as unknown as Logger);
}
const ask = (
  by: Reranking,
  rerank: Rerank | undefined,
  explain?: boolean,
  signal = new AbortController().signal,
) => by.of(searchRequest.parse({ query: 'q', rerank, explain }))?.rerank(hits, signal);

describe('reranking', () => {
  it('is for requests that ask for it, and refused where nobody is there to do it', () => {
    for (const rerank of [undefined, false]) {
      expect(ask(reranking(lastFirst), rerank)).toBeUndefined();
      expect(ask(reranking(undefined), rerank)).toBeUndefined();
    }
    expect(() => ask(reranking(undefined), true)).toThrow(
      expect.objectContaining({ code: 'reranker_missing', param: 'rerank' }),
    );
  });

  it('puts the hits in the order of the reranker, and leaves their scores', async () => {
    const { hits: found, rerank } = (await ask(reranking(lastFirst), true))!;
    expect(ids(found)).toBe('edcba');
    expect(found.map(({ score }) => score)).toEqual([1, 2, 3, 4, 5]);
    expect(rerank).toMatchObject({ outcome: 'done', candidates: 5 });
  });

  it('gives the reranker title and headings before the text', async () => {
    await ask(reranking(lastFirst), true);
    expect(asked[0]!.passages[0]).toBe('Title a\nPart\ntext a');
  });

  it('looks at the candidates alone, and moves the best of them to the front', async () => {
    const { hits: found } = (await ask(reranking(lastFirst), { candidates: 4, top_n: 2 }))!;
    expect(ids(found)).toBe('dcabe');
    expect(asked[0]!.passages).toHaveLength(4);
  });

  it('explains each hit that it placed', async () => {
    const { hits: found } = (await ask(reranking(lastFirst), { candidates: 4, top_n: 1 }, true))!;
    expect(found[0]!.explanation).toEqual({ absent: [], rerank: { score: 0.3, rank: 1, place: 4 } });
    expect(found[1]!.explanation).toEqual({ absent: [] });
  });

  it('leaves the order and says so where the reranker is late or fails', async () => {
    const late = (await ask(reranking(stalled, 20), true))!;
    expect([ids(late.hits), late.rerank.outcome]).toEqual(['abcde', 'late']);
    const by = reranking(broken);
    for (let times = 0; times < 3; times++) {
      const failed = (await ask(by, true))!;
      expect([ids(failed.hits), failed.rerank.outcome]).toEqual(['abcde', 'failed']);
    }
    expect(warnings).toHaveLength(1);
  });

  it('ends when the caller goes', async () => {
    const caller = new AbortController();
    const found = ask(reranking(stalled), true, false, caller.signal);
    caller.abort();
    await expect(found).rejects.toThrow('stopped');
  });
});
