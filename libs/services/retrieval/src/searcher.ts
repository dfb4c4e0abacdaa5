import { Inject, Injectable } from '@nestjs/common';
import {
  calls,
  collectionOf,
  feedbackOptions,
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
  readonly collection: string;
  readonly hits: readonly SearchHit[];
  /** Where the request asks to rerank. */
  readonly rerank?: RerankReport | undefined;
}

export interface AskedAs {
  /** By catalogue name; without: the one that serves. */
  readonly model?: string;
  readonly access?: readonly string[];
}

/** Turns a question into one store query: by meaning, by words, or both, and never beyond what the asker may see. */
@Injectable()
export class Searcher {
  private readonly known = new Set<string>();

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
    const { query, mode, fusion, weights, mmr, neighbours, explain, filter, top_k } = request;
    const order = this.reranking.of(request);
    const { model, dims, vector } = await this.understand(query, mode, principal.tenant, signal, as.model);
    const collection = collectionOf(model);
    await this.ensure(collection, dims);
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
    return { collection, ...ordered, hits: ordered.hits.slice(0, top_k) };
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

  /** The query's vector and the model it is of, from one answer: vectors of another model are never searched with it. */
  private async understand(
    query: string,
    mode: SearchRequest['mode'],
    tenant: string,
    signal: AbortSignal,
    by: string | undefined,
  ) {
    if (mode === 'sparse')
      return {
        ...(await this.caller.call(calls.describeModel, { model: by }, { signal })),
        vector: undefined,
      };
    const { vectors, model, dims } = await this.caller.call(
      calls.embedTexts,
      { texts: [query], kind: 'query', tenant, model: by },
      { signal },
    );
    return { model, dims, vector: Float32Array.from(vectors[0]!) };
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

  private async ensure(name: string, dims: number): Promise<void> {
    if (this.known.has(name)) return;
    await this.store.ensureCollection({ name, dims });
    this.known.add(name);
  }
}

/** The entries of access lists that let this principal see a document. */
const accessOf = ({ name, groups }: Principal): string[] => [
  name,
  ...groups.map((group) => `group:${group}`),
];
