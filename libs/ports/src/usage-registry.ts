/** What answers used, added up by day. */
export interface UsageRegistry {
  /** False, and nothing added, for an answer that was added before and is not forgotten. */
  add(used: AnswerUsage): Promise<boolean>;
  /** Sums of the days from `since` to `until`, both included, by day and then by all else. */
  sums(query: UsageQuery): Promise<UsageSum[]>;
  /** Sums stay; which answers they are of is kept only while one may be told again. Returns how many were forgotten. */
  forget(before: number): Promise<number>;
}

interface UsageOf {
  readonly tenant: string;
  readonly model: string;
  readonly backend: string;
  readonly outcome: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cost: number;
}

export interface AnswerUsage extends UsageOf {
  /** The answer's own id. */
  readonly answer: string;
  /** Epoch ms of its end: its day of UTC is the one it counts for. */
  readonly at: number;
  /** Nobody counted its tokens. */
  readonly estimated: boolean;
}

export interface UsageSum extends UsageOf {
  /** As 2026-03-01. */
  readonly day: string;
  readonly answers: number;
  /** Of these, those that were estimated. */
  readonly estimated: number;
}

export interface UsageQuery {
  readonly tenant?: string | undefined;
  readonly since: string;
  readonly until: string;
  readonly limit: number;
}
