import type { MillraceError } from '@millrace/contracts';
import type { Lane } from '@millrace/ports';

/** A caller's texts, from admission to its answer. */
export interface Submission {
  readonly lane: Lane;
  readonly texts: readonly Int32Array[];
  readonly vectors: Float32Array[];
  readonly admittedAt: number;
  /** When its first text went to a worker. */
  startedAt: number | undefined;
  /** Index of the first text not yet taken. */
  next: number;
  /** Texts without a vector. */
  missing: number;
  /** Answered or given up: what is left of it is skipped. */
  settled: boolean;
  /** Called once, when it is settled. */
  readonly end: (outcome: Outcome) => void;
}

export type Outcome = { readonly vectors: readonly Float32Array[] } | { readonly error: MillraceError };

/** One text of a submission. */
export interface Text {
  readonly ids: Int32Array;
  readonly of: Submission;
  readonly index: number;
  /** Workers that ended while they had this text in hand. */
  readonly crashes: number;
}

/** Texts of one lane in the order they came; those to be tried again go first, each alone. */
export class LaneQueue {
  /** Tokens that wait here. */
  tokens = 0;
  private readonly submissions: Submission[] = [];
  private again: Text[] = [];

  add(submission: Submission): void {
    this.submissions.push(submission);
    this.tokens += tokensFrom(submission);
  }

  /** Alone, so that a text that ends its worker can be told from its neighbours. */
  addAgain(text: Text): void {
    this.again.push(text);
    this.tokens += text.ids.length;
  }

  /** Forgets what still waits of a submission. */
  drop(submission: Submission): void {
    const at = this.submissions.indexOf(submission);
    if (at >= 0) this.submissions.splice(at, 1);
    this.again = this.again.filter((text) => text.of !== submission);
    this.tokens = this.submissions.reduce((sum, waiting) => sum + tokensFrom(waiting), tokensOf(this.again));
  }

  /** At least one text if there is any, then more while they fit. */
  take(maxTokens: number): Text[] {
    const retry = this.again.shift();
    const taken = retry ? [retry] : this.takeInOrder(maxTokens);
    this.tokens -= tokensOf(taken);
    return taken;
  }

  private takeInOrder(maxTokens: number): Text[] {
    const taken: Text[] = [];
    let tokens = 0;
    for (let head = this.head(); head; head = this.head()) {
      const ids = head.texts[head.next]!;
      if (taken.length > 0 && tokens + ids.length > maxTokens) break;
      taken.push({ ids, of: head, index: head.next++, crashes: 0 });
      tokens += ids.length;
    }
    return taken;
  }

  /** The first submission with texts left. */
  private head(): Submission | undefined {
    while (this.submissions[0] && this.submissions[0].next >= this.submissions[0].texts.length)
      this.submissions.shift();
    return this.submissions[0];
  }
}

function tokensFrom({ texts, next }: Submission): number {
  let tokens = 0;
  for (let at = next; at < texts.length; at++) tokens += texts[at]!.length;
  return tokens;
}

const tokensOf = (texts: readonly Text[]): number => texts.reduce((sum, { ids }) => sum + ids.length, 0);
