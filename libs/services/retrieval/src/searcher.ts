import { Inject, Injectable } from '@nestjs/common';
import {
  calls,
  collectionOf,
  feedbackOptions,
  MillraceError,
  type Principal,
  type RerankReport,
  type SearchRequest,
} from '@millrace/contracts';
import { VECTOR_STORE, type SearchHit, type VectorQuery, type VectorStore } from '@millrace/ports';
import { Caller, DriftMonitor } from '@millrace/platform';
import { analyseTerms } from '@millrace/text';
import { movedTowards } from './feedback.ts';
import { Reranking } from './reranking.ts';

export interface Found {
  /** Fingerprint. */
  readonly model: string;
  readonly collection: string;
  readonly hits: readonly SearchHit[];
  /** Where the request asks to rerank. */
  readonly rerank?: RerankReport | undefined;
}

interface Understood {
  /** Fingerprint. */
  readonly model: string;
  readonly collection: string;
  /** No model was ever switched: its collection comes with the first document. */
  readonly isFirst: boolean;
  readonly vector?: Float32Array;
}

export interface AskedAs {
  /** By catalogue name; without: the one that serves. */
  readonly model?: string;
  readonly access?: readonly string[];
}

/** Turns a question into one store query: by meaning, by words, or both, and never beyond what the asker may see. */
@Injectable()
export class Searcher {
  constructor(
    @Inject(VECTOR_STORE) private readonly store: VectorStore,
    @Inject(Caller) private readonly caller: Caller,
    @Inject(Reranking) private readonly reranking: Reranking,
    @Inject(DriftMonitor) private readonly drift: DriftMonitor,
  ) {}

  /** @param as how models are compared: by this one, and with these entries of access lists in place of the asker's own */
  async search(
    principal: Principal,
    request: SearchRequest,
    signal: AbortSignal,
    as: AskedAs = {},
  ): Promise<Found> {
    const understood = await this.understand(principal, request, signal, as.model);
    try {
      return await this.find(principal, request, understood, { signal, as });
    } catch (error) {
      if (!isMissing(error)) throw error;
      // Another model serves since, or nothing was ever indexed.
      const anew = await this.understand(principal, request, signal, as.model, true);
      if (anew.isFirst) return { model: anew.model, collection: anew.collection, hits: [] };
      return await this.find(principal, request, anew, { signal, as });
    }
  }

  private async find(
    principal: Principal,
    request: SearchRequest,
    { model, collection, vector }: Understood,
    { signal, as }: { readonly signal: AbortSignal; readonly as: AskedAs },
  ): Promise<Found> {
    const { query, mode, fusion, weights, mmr, neighbours, explain, filter, top_k } = request;
    const order = this.reranking.of(request);
    const asked = {
      tenant: principal.tenant,
      access: as.access ?? accessOf(principal),
      filter,
      fusion,
      weights,
      // Whether or not more hits are asked for to be reranked: what falls back is what would have been found without.
      candidates: Math.max(4 * top_k, 100),
      ...(mode !== 'dense' && { terms: analyseTerms(query) }),
    };
    const moved = vector && (await this.moved(collection, { ...asked, vector }, request.feedback));
    const hits = await this.store.search(collection, {
      ...asked,
      ...(moved && { vector: moved }),
      ...{ mmr, neighbours, explain },
      limit: Math.max(top_k, order?.candidates ?? 0),
    });
    if (as.model === undefined) this.watch(request, model, vector, hits[0]);
    const ordered = order ? await order.rerank(hits, signal) : { hits };
    return { model, collection, ...ordered, hits: ordered.hits.slice(0, top_k) };
  }

  /** The vector that is searched with: the question's own, or one nearer to what is found first. */
  private async moved(
    collection: string,
    asked: Omit<VectorQuery, 'limit'> & { readonly vector: Float32Array },
    feedback: SearchRequest['feedback'] = false,
  ): Promise<Float32Array> {
    if (feedback === false) return asked.vector;
    const { results, weight } = feedbackOptions.parse(feedback === true ? {} : feedback);
    const first = await this.store.search(collection, { ...asked, limit: results, vectors: true });
    return movedTowards(
      asked.vector,
      first.map((hit) => hit.vector!),
      weight,
    );
  }

  /**
   * The query's vector, the model it is of and where its vectors lie, from one answer: vectors of another model are never
   * searched with it.
   */
  private async understand(
    { tenant }: Principal,
    { query, mode }: SearchRequest,
    signal: AbortSignal,
    by: string | undefined,
    fresh = false,
  ): Promise<Understood> {
    if (mode === 'sparse')
      return placed(await this.caller.call(calls.describeModel, { model: by, fresh }, { signal }));
    const { vectors, ...of } = await this.caller.call(
      calls.embedTexts,
      { texts: [query], kind: 'query', tenant, model: by, fresh },
      { signal },
    );
    return { ...placed(of), vector: Float32Array.from(vectors[0]!) };
  }

  /** Only what people ask, and of scores those on one scale: how a search is made unless it asks for something else. */
  private watch(
    { mode, fusion, weights, feedback }: SearchRequest,
    model: string,
    vector: Float32Array | undefined,
    best: SearchHit | undefined,
  ): void {
    if (vector) this.drift.noteVector('query', model, vector);
    if (best && mode === 'hybrid' && fusion === 'dbsf' && !weights && !feedback)
      this.drift.noteScore(model, best.score);
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof MillraceError && error.code === 'index_missing';

const placed = ({
  model,
  collection,
}: {
  readonly model: string;
  readonly collection?: string | undefined;
}) => ({
  model,
  collection: collection ?? collectionOf(model),
  isFirst: collection === undefined,
});

/** The entries of access lists that let this principal see a document. */
const accessOf = ({ name, groups }: Principal): string[] => [
  name,
  ...groups.map((group) => `group:${group}`),
];
