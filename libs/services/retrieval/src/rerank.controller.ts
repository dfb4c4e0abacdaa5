import { Controller, Inject } from '@nestjs/common';
import { MillraceError, routes, type rerankResponse } from '@millrace/contracts';
import { HandleRoute, type RouteRequest } from '@millrace/platform';
import { RERANKER, type Reranker } from '@millrace/ports';
import type { z } from 'zod';

/** Texts of the caller's own, by the reranker that searches use. */
@Controller()
export class RerankController {
  constructor(@Inject(RERANKER) private readonly reranker: Reranker | undefined) {}

  @HandleRoute(routes.rerank)
  async rerank({
    body,
    signal,
  }: RouteRequest<typeof routes.rerank>): Promise<z.infer<typeof rerankResponse>> {
    if (!this.reranker) throw new MillraceError('reranker_missing');
    const { query, documents, top_n: topN, return_documents: withDocuments } = body;
    const { model = this.reranker.model } = body;
    const passages = documents.map((document) => (typeof document === 'string' ? document : document.text));
    const scores = await this.reranker.rerank({ query, passages, topN, model }, signal);
    return {
      ...(model !== undefined && { model }),
      results: scores.map(({ index, score }) => ({
        index,
        relevance_score: score,
        ...(withDocuments && { document: { text: passages[index]! } }),
      })),
    };
  }
}
