import { Inject, Injectable } from '@nestjs/common';
import type { Embedder, EmbedInput, EmbedOptions, Lane } from '@millrace/ports';
import { QuestionsUnderWay } from './questions-under-way.ts';

/** Of 1,508 questions (Cranfield, NPL, XQuAD) the longest has 59 tokens; 3 to 4 % of the passages of two of them have so few. */
const longestQuestion = 64;
/** What is longer is not looked into: nothing there with so few tokens has more than 400. */
const longestInCharacters = 512;
/** Tokens of one tenant in the lane of one model at once. Whoever searches waits for so many, some 30 ms, at most. */
const tenantTokens = 128;

/** What somebody wants to have embedded. */
export interface Asked {
  readonly embedder: Pick<Embedder, 'model' | 'countTokens'>;
  readonly inputs: readonly EmbedInput[];
  readonly kind: EmbedOptions['kind'];
  readonly tenant: string;
}

/**
 * Lets a tenant's questions go before bulk work, a few at a time. Who loads an index text by text does not say so: long
 * texts, lists of passages and what is beyond the tenant's share go beside bulk work.
 */
@Injectable()
export class QueryLane {
  private readonly taken = new Map<string, number>();

  constructor(@Inject(QuestionsUnderWay) private readonly questions: QuestionsUnderWay) {}

  async embed<T>(asked: Asked, embed: (lane: Lane) => Promise<T>): Promise<T> {
    const tokens = tokensOfQuestions(asked);
    const share = `${asked.embedder.model.name} ${asked.tenant}`;
    if (this.takenOf(share) + tokens > tenantTokens) return embed('bulk');
    this.taken.set(share, this.takenOf(share) + tokens);
    try {
      return await this.questions.during(() => embed('interactive'));
    } finally {
      this.giveBack(share, tokens);
    }
  }

  private takenOf(share: string): number {
    return this.taken.get(share) ?? 0;
  }

  private giveBack(share: string, tokens: number): void {
    const left = this.takenOf(share) - tokens;
    if (left > 0) this.taken.set(share, left);
    else this.taken.delete(share);
  }
}

/** Infinite where they are none. Questions come one by one, or say by their type what they are. */
function tokensOfQuestions({ embedder, inputs, kind }: Asked): number {
  if (kind === 'passage' && inputs.length > 1) return Infinity;
  let tokens = 0;
  for (const input of inputs) {
    const own = tokensOf(input, embedder);
    if (own > longestQuestion) return Infinity;
    tokens += own;
    if (tokens > tenantTokens) return Infinity;
  }
  return tokens;
}

function tokensOf(input: EmbedInput, embedder: Asked['embedder']): number {
  if (typeof input !== 'string') return input.length;
  return input.length > longestInCharacters ? Infinity : embedder.countTokens([input])[0]!;
}
