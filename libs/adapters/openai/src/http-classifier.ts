import { MillraceError, moderationCategories, type CategorySpec } from '@millrace/contracts';
import type { CategoryScore, ClassifyOptions, TextClassifier, TextToClassify } from '@millrace/ports';
import { BackendAttempt } from './backend-attempt.ts';
import { BackendClient } from './backend-client.ts';
import { classifier } from './backend-kind.ts';

export interface HttpClassifierOptions {
  /** What `/moderations` is put behind, `/v1` included. */
  readonly baseUrl: string;
  /** Sent as a bearer token; in no log line and no error. */
  readonly apiKey?: string | undefined;
  /** Asked for; undefined: the server's own choice. */
  readonly model?: string | undefined;
}

/** As the linear model reads: what is judged of a stream does not depend on which of the two does. */
const maxChars = 2_000;

/** Those that policies know a classifier to judge. */
const categories = Object.entries<CategorySpec>(moderationCategories).flatMap(([name, { foundBy }]) =>
  foundBy.includes('classifier') ? [name] : [],
);

/** A classifier behind OpenAI's moderations: theirs, or any server that speaks like it. */
export class HttpClassifier implements TextClassifier {
  readonly categories = categories;
  readonly maxChars = maxChars;
  readonly model: string;
  private readonly client: BackendClient;
  private readonly asked: string | undefined;

  constructor({ baseUrl, apiKey, model }: HttpClassifierOptions) {
    this.client = new BackendClient(classifier, baseUrl, apiKey);
    this.asked = model;
    this.model = model ?? this.client.host;
  }

  /** Rejects with `deadline_exceeded`, `cancelled`, and `classifier_unavailable` for whatever the server does wrong. */
  async classify(
    { text }: TextToClassify,
    { deadline, signal = new AbortController().signal }: ClassifyOptions,
  ): Promise<readonly CategoryScore[]> {
    if (signal.aborted) throw new MillraceError('cancelled');
    const left = deadline - Date.now();
    if (left <= 0) throw new MillraceError('deadline_exceeded');
    const attempt = new BackendAttempt(this.client, signal);
    try {
      const body = JSON.stringify({ model: this.asked, input: text.slice(0, maxChars) });
      return scoresIn(await attempt.postForJson('/moderations', body, left));
    } catch (error) {
      if (Date.now() >= deadline && !signal.aborted) throw new MillraceError('deadline_exceeded');
      throw attempt.failure(error);
    } finally {
      attempt.close();
    }
  }

  async close(): Promise<void> {
    this.client.close();
  }
}

/** `{results: [{categories, category_scores}]}`; a category that it does not name is none of the text. */
function scoresIn(answer: unknown): CategoryScore[] {
  const [result] = ((answer as { results?: unknown } | null | undefined)?.results ?? []) as unknown[];
  const { categories: found, category_scores: scores } = (result ?? {}) as Record<string, unknown>;
  if (!isRecord(found) || !isRecord(scores))
    throw new MillraceError('classifier_unavailable', { detail: 'its answer has no known shape' });
  return categories.map((category) => ({
    category,
    score: scoreOf(scores[category]),
    found: found[category] === true,
  }));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const scoreOf = (score: unknown): number =>
  typeof score === 'number' && Number.isFinite(score) ? Math.min(1, Math.max(0, score)) : 0;
