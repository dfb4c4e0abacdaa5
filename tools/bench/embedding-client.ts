import { MillraceError } from '@millrace/contracts';
import { atPace } from './pace.ts';

/** Speaks OpenAI's embeddings to any server that does. */
export class EmbeddingClient {
  constructor(
    /** The address up to and with `/v1`. */
    private readonly base: string,
    private readonly model: string,
    private readonly signal: AbortSignal,
  ) {}

  async embed(input: string | readonly string[]): Promise<void> {
    const response = await fetch(`${this.base}/embeddings`, {
      method: 'POST',
      signal: this.signal,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ input, model: this.model, encoding_format: 'base64' }),
    });
    const body = await response.text();
    if (!response.ok)
      throw new MillraceError('internal', { detail: `${response.status} ${body.slice(0, 200)}` });
  }

  /** Embeds all texts, so many in a request and so many requests in flight. Resolves with the seconds it took. */
  async embedAll(texts: readonly string[], { inRequest, inFlight }: Load): Promise<number> {
    const requests = Array.from({ length: Math.ceil(texts.length / inRequest) }, (_, i) =>
      texts.slice(i * inRequest, (i + 1) * inRequest),
    )[Symbol.iterator]();
    const began = performance.now();
    const sender = async (): Promise<void> => {
      for (let next = requests.next(); !next.done; next = requests.next()) await this.embed(next.value);
    };
    await Promise.all(Array.from({ length: inFlight }, sender));
    return (performance.now() - began) / 1000;
  }

  /** Milliseconds of each question, one after the other. */
  async ask(questions: readonly string[]): Promise<number[]> {
    const took: number[] = [];
    for (const question of questions) {
      const began = performance.now();
      await this.embed(question);
      took.push(performance.now() - began);
    }
    return took;
  }

  /** Milliseconds of each question, so many asked a second whether or not those before are answered. */
  askAtPace(questions: readonly string[], perSecond: number): Promise<number[]> {
    return atPace(questions.length, perSecond, (n) => this.embed(questions[n]!));
  }
}

export interface Load {
  readonly inRequest: number;
  readonly inFlight: number;
}
