import { Inject, Injectable } from '@nestjs/common';
import {
  MillraceError,
  rerankOutcome,
  type RerankOutcome,
  type RerankReport,
  type SearchRequest,
} from '@millrace/contracts';
import { LOGGER, observeCounter, Sparing, type Logger, type SettingsOf } from '@millrace/platform';
import { RERANKER, type PassageScore, type Reranker, type SearchHit } from '@millrace/ports';
import { embeddingText } from '@millrace/text';
import { reorder } from './reorder.ts';
import { retrievalSettings } from './retrieval-settings.ts';

const defaultCandidates = 25;

export interface Reranked {
  readonly hits: readonly SearchHit[];
  readonly rerank: RerankReport;
}

/** What one search asks of the reranker. */
export interface RerankOrder {
  readonly candidates: number;
  /** Never fails of the reranker: hits that it does not order in time stay in the order they have. */
  rerank(hits: readonly SearchHit[], signal: AbortSignal): Promise<Reranked>;
}

/** Has the first hits of searches that ask for it put in order, within a deadline. */
@Injectable()
export class Reranking {
  private readonly counts = new Map<RerankOutcome, number>(
    rerankOutcome.options.map((outcome) => [outcome, 0]),
  );
  private readonly sparing = new Sparing();

  constructor(
    @Inject(RERANKER) private readonly reranker: Reranker | undefined,
    @Inject(retrievalSettings.token) private readonly settings: SettingsOf<typeof retrievalSettings>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    observeCounter(
      'millrace_search_reranks_total',
      'Searches that asked to rerank, by outcome: done, or late or failed, which left the order of scores.',
      () => [...this.counts].map(([outcome, count]) => [count, { outcome }]),
    );
  }

  /** Undefined where the request does not ask for it; throws `reranker_missing` where it does and nobody is there to do it. */
  of({ query, rerank = false, explain }: SearchRequest): RerankOrder | undefined {
    if (rerank === false) return undefined;
    const { reranker } = this;
    if (!reranker) throw new MillraceError('reranker_missing', { param: 'rerank' });
    const { candidates, top_n: topN } =
      rerank === true ? { candidates: defaultCandidates, top_n: undefined } : rerank;
    return {
      candidates,
      rerank: async (hits, signal) => {
        const given = hits.slice(0, candidates);
        const began = performance.now();
        const { scores, outcome } = await this.inTime(reranker, { query, given, topN }, signal);
        const millis = performance.now() - began;
        this.counts.set(outcome, this.counts.get(outcome)! + 1);
        return {
          hits: reorder(hits, scores, explain),
          rerank: { outcome, candidates: given.length, millis },
        };
      },
    };
  }

  private async inTime(
    reranker: Reranker,
    { query, given, topN }: { query: string; given: readonly SearchHit[]; topN: number | undefined },
    signal: AbortSignal,
  ): Promise<{ scores: readonly PassageScore[]; outcome: RerankOutcome }> {
    if (given.length < 2) return { scores: [], outcome: 'done' };
    const late = AbortSignal.timeout(this.settings.rerankMs);
    try {
      const passages = given.map(passageOf);
      const scores = await reranker.rerank({ query, passages, topN }, AbortSignal.any([signal, late]));
      return { scores, outcome: 'done' };
    } catch (error) {
      if (signal.aborted) throw error;
      if (late.aborted) return { scores: [], outcome: 'late' };
      this.tell(error);
      return { scores: [], outcome: 'failed' };
    }
  }

  private tell(err: unknown): void {
    const untold = this.sparing.tell(MillraceError.from(err).code);
    if (untold === undefined) return;
    this.logger.warn({ err, ...(untold > 0 && { untold }) }, 'the reranker failed: searches go without');
  }
}

/** What a hit is about, then itself: an order by the text alone is worse. */
const passageOf = (hit: SearchHit): string => [hit.title, embeddingText(hit)].filter(Boolean).join('\n');
