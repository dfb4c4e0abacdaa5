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

/** What waits of one group, in the order in which it came. */
interface Group {
  readonly waiting: Set<Submission>;
  tokens: number;
}

/**
 * Texts of one lane. Groups take turns by tokens, within a group it goes by arrival; texts to be tried again go first,
 * each alone.
 */
export class LaneQueue {
  /** Tokens that wait here. */
  tokens = 0;
  private readonly groups = new Map<string, Group>();
  private readonly turns: Turns;
  /** A few: what was in the hands of workers that ended. */
  private readonly again = new Set<Text>();

  /** @param headTokens What a group that was away may have before others go on. */
  constructor(headTokens: number) {
    this.turns = new Turns(headTokens);
  }

  add(submission: Submission): void {
    const own = this.groups.get(submission.group) ?? { waiting: new Set(), tokens: 0 };
    own.waiting.add(submission);
    this.groups.set(submission.group, own);
    this.count(own, tokensFrom(submission));
  }

  /** Alone, so that a text that ends its worker can be told from its neighbours. */
  addAgain(text: Text): void {
    this.again.add(text);
    this.tokens += text.ids.length;
  }

  /** Forgets what still waits of a submission. */
  drop(submission: Submission): void {
    const { group } = submission;
    const own = this.groups.get(group);
    if (own?.waiting.delete(submission)) this.count(own, -tokensFrom(submission));
    if (own?.waiting.size === 0) this.groups.delete(group);
    for (const text of this.again) if (text.of === submission) this.takeAgain(text);
  }

  /** Groups that have texts waiting here. */
  get waitingGroups(): number {
    return this.groups.size;
  }

  /** Tokens of a group that wait here, but for those that are to be tried again. */
  tokensOfGroup(group: string): number {
    return this.groups.get(group)?.tokens ?? 0;
  }

  /** At least one text if there is any, then more of the same group while they fit. */
  take(maxTokens: number): Text[] {
    const [retry] = this.again;
    return retry ? [this.takeAgain(retry)] : this.takeInTurn(maxTokens);
  }

  private takeAgain(text: Text): Text {
    this.again.delete(text);
    this.tokens -= text.ids.length;
    return text;
  }

  private takeInTurn(maxTokens: number): Text[] {
    const next = this.next();
    if (next === undefined) return [];
    const [group, own] = next;
    const taken: Text[] = [];
    let tokens = 0;
    for (let head = headOf(own); head; head = headOf(own)) {
      const ids = head.texts[head.next]!;
      if (taken.length > 0 && tokens + ids.length > maxTokens) break;
      taken.push({ ids, of: head, index: head.next++ });
      tokens += ids.length;
    }
    this.count(own, -tokens);
    this.turns.take(group, tokens);
    if (!headOf(own)) this.groups.delete(group);
    if (this.groups.size === 0) this.turns.reset();
    return taken;
  }

  private next(): [string, Group] | undefined {
    let first: [string, Group] | undefined;
    for (const each of this.groups)
      if (headOf(each[1]))
        if (first === undefined || this.turns.startOf(each[0]) < this.turns.startOf(first[0])) first = each;
    return first;
  }

  private count(own: Group, tokens: number): void {
    own.tokens += tokens;
    this.tokens += tokens;
  }
}

/** The group's first submission with texts left. */
function headOf({ waiting }: Group): Submission | undefined {
  for (const submission of waiting)
    if (submission.next < submission.texts.length) return submission;
    else waiting.delete(submission);
  return undefined;
}

function tokensFrom({ texts, next }: Submission): number {
  let tokens = 0;
  for (let at = next; at < texts.length; at++) tokens += texts[at]!.length;
  return tokens;
}
