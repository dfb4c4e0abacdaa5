/** One figure of a measurement. Latencies carry their percentiles; a peer measured in the same run stands beside. */
export interface Case {
  readonly case: string;
  readonly value: number;
  readonly unit: string;
  /** Samples behind the value. */
  readonly n: number;
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
  /** The ends of the 95 % interval. */
  readonly low?: number;
  readonly high?: number;
  readonly peer?: string;
  readonly peer_value?: number;
  /** value / peer_value */
  readonly ratio?: number;
  /** `<= 3`, or `ratio >= 0.85` where the ratio to the peer counts. */
  readonly goal?: string;
  /** Whether the goal is met; true without one. */
  readonly holds: boolean;
}

export interface BenchContext {
  /** Fewer samples, for a first look. */
  readonly quick: boolean;
  /** Says what is going on, on one line. */
  readonly note: (text: string) => void;
  /** Aborts when the person stops the run. */
  readonly signal: AbortSignal;
}

export interface Measurement {
  readonly name: string;
  readonly summary: string;
  /** A reason why it cannot be run here. */
  readonly unavailable?: () => string | undefined;
  readonly run: (context: BenchContext) => Promise<readonly Case[]>;
}

/** Sets `goal` and `holds`. */
export function withGoal(
  figure: Omit<Case, 'goal' | 'holds'>,
  goal: Goal,
  of: 'value' | 'ratio' = 'value',
): Case {
  const actual = figure[of];
  return {
    ...figure,
    goal: `${of === 'ratio' ? 'ratio ' : ''}${goal.sense} ${goal.limit}`,
    holds: actual !== undefined && (goal.sense === '<=' ? actual <= goal.limit : actual >= goal.limit),
  };
}

export interface Goal {
  readonly sense: '<=' | '>=';
  readonly limit: number;
}

export const withoutGoal = (figure: Omit<Case, 'goal' | 'holds'>): Case => ({ ...figure, holds: true });
