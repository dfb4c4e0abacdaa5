import { Controller, Inject } from '@nestjs/common';
import {
  calls,
  routes,
  type CallInput,
  type CallOutput,
  type SearchResponse,
  type SearchResult,
} from '@millrace/contracts';
import { HandleCall, HandleRoute, type HandlerContext, type RouteRequest } from '@millrace/platform';
import type { SearchHit } from '@millrace/ports';
import { joinRun, mergeNeighbours, widen } from './passages.ts';
import { RecentQuestions } from './recent-questions.ts';
import { Searcher } from './searcher.ts';

/** Ranked chunks for people and programs, ranked passages for prompts. */
@Controller()
export class RetrievalController {
  constructor(
    @Inject(Searcher) private readonly searcher: Searcher,
    @Inject(RecentQuestions) private readonly recent: RecentQuestions,
  ) {}

  @HandleRoute(routes.search)
  async searchRoute({
    principal,
    body,
    signal,
  }: RouteRequest<typeof routes.search>): Promise<SearchResponse> {
    return this.search({ principal, request: body }, { signal });
  }

  @HandleCall(calls.search)
  async search(
    { principal, request }: CallInput<typeof calls.search>,
    { signal }: Pick<HandlerContext, 'signal'>,
  ): Promise<SearchResponse> {
    const { hits, rerank } = await this.searcher.search(principal, request, signal);
    this.recent.note({ principal, request });
    return { results: hits.map(widen).map(toResult), ...(rerank && { rerank }) };
  }

  @HandleCall(calls.findPassages)
  async findPassages(
    { principal, request }: CallInput<typeof calls.findPassages>,
    { signal }: Pick<HandlerContext, 'signal'>,
  ): Promise<CallOutput<typeof calls.findPassages>> {
    const { model, hits, rerank } = await this.searcher.search(principal, request, signal);
    this.recent.note({ principal, request });
    const results = mergeNeighbours(hits.map(widen)).map(joinRun).map(toResult);
    return { results, model, ...(rerank && { rerank }) };
  }
}

const toResult = ({
  document,
  version,
  id,
  score,
  title,
  text,
  start,
  end,
  headings,
  page,
  metadata,
  explanation,
}: SearchHit): SearchResult => ({
  document_id: document,
  version,
  chunk_id: id,
  score,
  ...(title !== undefined && { title }),
  text,
  start,
  end,
  headings,
  ...(page !== undefined && { page }),
  metadata,
  ...(explanation && { explanation }),
});
