import type { MillraceError } from '@millrace/contracts';
import { Turns, type Lane } from '@millrace/ports';

/** A caller's texts, from admission to its answer. */
export interface Submission {
  readonly lane: Lane;
  readonly group: string;
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
}

/**
 * Texts of one lane. Groups take turns by tokens, within a group it goes by arrival; texts to be tried again go first,
 * each alone.
 */
export class LaneQueue {
  /** Tokens that wait here. */
  tokens = 0;
  private readonly groups = new Map<string, Submission[]>();
  private readonly turns: Turns;
  private again: Text[] = [];

  /** @param headTokens What a group that was away may have before others go on. */
  constructor(headTokens: number) {
    this.turns = new Turns(headTokens);
  }

  add(submission: Submission): void {
    const { group } = submission;
    const waiting = this.waiting(group);
    waiting.push(submission);
    this.groups.set(group, waiting);
    this.tokens += tokensFrom(submission);
  }

  /** Alone, so that a text that ends its worker can be told from its neighbours. */
  addAgain(text: Text): void {
    this.again.push(text);
    this.tokens += text.ids.length;
  }

  /** Forgets what still waits of a submission. */
  drop(submission: Submission): void {
    const { group } = submission;
    const others = this.waiting(group).filter((waiting) => waiting !== submission);
    if (others.length > 0) this.groups.set(group, others);
    else this.groups.delete(group);
    this.again = this.again.filter((text) => text.of !== submission);
    this.tokens = [...this.groups.keys()].reduce(
      (sum, name) => sum + this.tokensOfGroup(name),
      tokensOf(this.again),
    );
  }

  /** Groups that have texts waiting here. */
  get waitingGroups(): number {
    return this.groups.size;
  }

  /** Tokens of a group that wait here, but for those that are to be tried again. */
  tokensOfGroup(group: string): number {
    return this.waiting(group).reduce((sum, waiting) => sum + tokensFrom(waiting), 0);
  }

  /** At least one text if there is any, then more of the same group while they fit. */
  take(maxTokens: number): Text[] {
    const retry = this.again.shift();
    const taken = retry ? [retry] : this.takeInTurn(maxTokens);
    this.tokens -= tokensOf(taken);
    return taken;
  }

  private takeInTurn(maxTokens: number): Text[] {
    const group = this.next();
    if (group === undefined) return [];
    const taken: Text[] = [];
    let tokens = 0;
    for (let head = this.head(group); head; head = this.head(group)) {
      const ids = head.texts[head.next]!;
      if (taken.length > 0 && tokens + ids.length > maxTokens) break;
      taken.push({ ids, of: head, index: head.next++ });
      tokens += ids.length;
    }
    this.turns.take(group, tokens);
    if (!this.head(group)) this.groups.delete(group);
    if (this.groups.size === 0) this.turns.reset();
    return taken;
  }

  private next(): string | undefined {
    let first: string | undefined;
    for (const group of this.groups.keys())
      if (this.head(group))
        if (first === undefined || this.turns.startOf(group) < this.turns.startOf(first)) first = group;
    return first;
  }

  /** The group's first submission with texts left. */
  private head(group: string): Submission | undefined {
    const waiting = this.waiting(group);
    while (waiting[0] && waiting[0].next >= waiting[0].texts.length) waiting.shift();
    return waiting[0];
  }

  private waiting(group: string): Submission[] {
    return this.groups.get(group) ?? [];
  }
}

function tokensFrom({ texts, next }: Submission): number {
  let tokens = 0;
  for (let at = next; at < texts.length; at++) tokens += texts[at]!.length;
  return tokens;
}

const tokensOf = (texts: readonly Text[]): number => texts.reduce((sum, { ids }) => sum + ids.length, 0);
