import { Inject, Injectable } from '@nestjs/common';
import {
  calls,
  collectionOf,
  searchRequest,
  type CallInput,
  type CallOutput,
  type Principal,
  type SearchRequest,
} from '@millrace/contracts';
import { VECTOR_STORE, type VectorStore } from '@millrace/ports';
import { Caller, HandleCall, type HandlerContext } from '@millrace/platform';
import { ndcg, sentences } from '@millrace/text';
import { ComparisonTally, crowd, depth, isCrowded, overlapOf, type Asked } from './comparison-tally.ts';
import { RecentQuestions } from './recent-questions.ts';
import { Searcher } from './searcher.ts';

interface Asking {
  readonly principal: Principal;
  readonly request: SearchRequest;
  /** Without: the principal's own. */
  readonly access?: readonly string[];
}

type Compare = typeof calls.compareModels;
type Input = CallInput<Compare>;
type Judge = typeof calls.judgeModels;
type Where = Input['documents'][number];

/** Chunks that a sentence is taken from the middle of. */
const looked = 9;
/** Letters of a sentence that says something, and how many are asked. */
const shortest = 40;
const longest = 400;
/** What a sentence may be of its chunk: a text finds itself by whatever vectors. */
const largestPart = 0.5;

/**
 * Asks two models the same. A sentence out of a document has one right answer that needs nobody's judgement: the document
 * it stands in (the inverse cloze task, https://arxiv.org/abs/1906.00300). It is asked as somebody would who may read that
 * document, and so are questions that somebody judged. Of questions and hits nothing leaves this service but figures.
 */
@Injectable()
export class ModelComparison {
  constructor(
    @Inject(Searcher) private readonly searcher: Searcher,
    @Inject(RecentQuestions) private readonly recent: RecentQuestions,
    @Inject(VECTOR_STORE) private readonly store: VectorStore,
    @Inject(Caller) private readonly caller: Caller,
  ) {}

  @HandleCall(calls.compareModels)
  async compare(input: Input, { signal }: Pick<HandlerContext, 'signal'>): Promise<CallOutput<Compare>> {
    const { model, collection = collectionOf(model) } = await this.caller.call(
      calls.describeModel,
      { model: input.serving },
      { signal },
    );
    const tally = new ComparisonTally();
    for (const where of input.documents) {
      const query = await this.sentenceOf(collection, where);
      if (query === undefined) continue;
      const request = searchRequest.parse({ query, mode: 'dense', top_k: crowd });
      const { tenant, document, access } = where;
      tally.sentence(
        document,
        await this.both({ principal: anyone(tenant), request, access }, input, signal),
      );
    }
    for (const { principal, request } of this.recent.all())
      tally.question(await this.both({ principal, request }, input, signal));
    return tally.comparison;
  }

  @HandleCall(calls.judgeModels)
  async judge(
    { questions, ...models }: CallInput<Judge>,
    { signal }: Pick<HandlerContext, 'signal'>,
  ): Promise<CallOutput<Judge>> {
    const [hybrid, dense] = [
      { serving: 0, next: 0 },
      { serving: 0, next: 0 },
    ];
    const alike: number[] = [];
    for (const { tenant, query, relevant, access } of questions)
      for (const [mode, sum] of [['hybrid', hybrid] as const, ['dense', dense] as const]) {
        const request = searchRequest.parse({ query, mode, top_k: crowd });
        const both = await this.both({ principal: anyone(tenant), request, access }, models, signal);
        for (const side of ['serving', 'next'] as const)
          sum[side] += ndcg(documentsOf(both[side]), new Set(relevant), depth) / questions.length;
        if (mode === 'dense' && isCrowded(both)) alike.push(overlapOf(both));
      }
    return {
      ...{ ndcg_serving: hybrid.serving, ndcg_next: hybrid.next },
      ...{ ndcg_dense_serving: dense.serving, ndcg_dense_next: dense.next, alike },
    };
  }

  private async sentenceOf(collection: string, where: Where): Promise<string | undefined> {
    const chunks = await this.store.range(collection, where, 0, looked - 1);
    const text = chunks[Math.floor(chunks.length / 2)]?.text ?? '';
    const telling = [...sentences(text)].filter(
      ({ start, end }) => end - start >= shortest && end - start <= largestPart * text.length,
    );
    const chosen = telling[Math.floor(telling.length / 2)];
    return chosen && text.slice(chosen.start, chosen.end).slice(0, longest);
  }

  private async both(
    { principal, request, access }: Asking,
    { serving, next }: Pick<Input, 'serving' | 'next'>,
    signal: AbortSignal,
  ): Promise<{ serving: Asked; next: Asked }> {
    const ask = async (model: string): Promise<Asked> => {
      const began = performance.now();
      const as = { model, ...(access && { access }) };
      const { hits } = await this.searcher.search(principal, request, signal, as);
      return { hits, millis: performance.now() - began };
    };
    return { serving: await ask(serving), next: await ask(next) };
  }
}

/** Of that tenant. */
const anyone = (tenant: string): Principal => ({ tenant, name: 'nobody', groups: [], rights: ['read'] });

/** In the order in which they were found first. */
const documentsOf = ({ hits }: Asked): string[] => [...new Set(hits.map(({ document }) => document))];
