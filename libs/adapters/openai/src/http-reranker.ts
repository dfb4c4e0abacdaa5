import { MillraceError } from '@millrace/contracts';
import type { PassageScore, Reranker, RerankQuery } from '@millrace/ports';
import { BackendAttempt } from './backend-attempt.ts';
import { BackendClient } from './backend-client.ts';
import { reranker } from './backend-kind.ts';

/** `cohere`: Cohere's, which Jina, vLLM, Infinity and LiteLLM speak too; `tei`: that of Text Embeddings Inference. */
export const rerankFormats = ['cohere', 'tei'] as const;

export interface HttpRerankerOptions {
  /** What `/rerank` is put behind: https://api.cohere.com/v2, http://vllm:8000/v1, http://tei:80. */
  readonly baseUrl: string;
  /** Sent as a bearer token; in no log line and no error. */
  readonly apiKey?: string | undefined;
  /** Asked for when a request names none; Cohere and Jina need one. */
  readonly model?: string | undefined;
  /** Default `cohere`. */
  readonly format?: (typeof rerankFormats)[number] | undefined;
  /** Milliseconds from the request to the end of the answer. Default 10,000. */
  readonly timeoutMs?: number | undefined;
}

type WireQuery = Pick<RerankQuery, 'query' | 'passages' | 'topN' | 'model'>;

/** https://docs.cohere.com/reference/rerank, and https://huggingface.github.io/text-embeddings-inference for `tei`. */
const bodies: Record<(typeof rerankFormats)[number], (query: WireQuery) => object> = {
  cohere: ({ query, passages, topN, model }) => ({ model, query, documents: passages, top_n: topN }),
  // Its server has one model, gives all scores, and refuses what is too long unless it may cut it.
  tei: ({ query, passages }) => ({ query, texts: passages, truncate: true }),
};

/** A reranker behind HTTP. */
export class HttpReranker implements Reranker {
  readonly model: string | undefined;
  private readonly client: BackendClient;
  private readonly toBody: (query: WireQuery) => object;
  private readonly timeoutMs: number;

  constructor({ baseUrl, apiKey, model, format = 'cohere', timeoutMs = 10_000 }: HttpRerankerOptions) {
    this.client = new BackendClient(reranker, baseUrl, apiKey);
    this.model = model;
    this.toBody = bodies[format];
    this.timeoutMs = timeoutMs;
  }

  async rerank(
    { query, passages, topN = passages.length, model = this.model }: RerankQuery,
    signal: AbortSignal,
  ): Promise<readonly PassageScore[]> {
    const most = Math.min(topN, passages.length);
    const body = JSON.stringify(this.toBody({ query, passages, topN: most, model }));
    const attempt = new BackendAttempt(this.client, signal);
    try {
      const answer = await attempt.postForJson('/rerank', body, this.timeoutMs);
      return scoresIn(answer, passages.length).sort(bestFirst).slice(0, most);
    } catch (error) {
      throw attempt.failure(error);
    } finally {
      attempt.close();
    }
  }

  async close(): Promise<void> {
    this.client.close();
  }
}

const bestFirst = (a: PassageScore, b: PassageScore): number => b.score - a.score || a.index - b.index;

/** `{results: [{index, relevance_score}]}`, or TEI's `[{index, score}]`; what else stands there is passed over. */
function scoresIn(answer: unknown, passages: number): PassageScore[] {
  const rows = Array.isArray(answer) ? answer : (answer as { results?: unknown } | null | undefined)?.results;
  if (!Array.isArray(rows)) throw misshapen();
  const scores = new Map<number, number>();
  for (const row of rows as unknown[]) {
    const { index, score } = scoreIn(row);
    if (!(index >= 0 && index < passages) || scores.has(index)) throw misshapen();
    scores.set(index, score);
  }
  return [...scores].map(([index, score]) => ({ index, score }));
}

function scoreIn(row: unknown): PassageScore {
  const { index, relevance_score, score = relevance_score } = (row ?? {}) as Record<string, unknown>;
  if (!Number.isInteger(index) || !Number.isFinite(score)) throw misshapen();
  return { index: index as number, score: score as number };
}

const misshapen = (): MillraceError =>
  new MillraceError('reranker_error', { detail: 'its answer has no known shape' });
