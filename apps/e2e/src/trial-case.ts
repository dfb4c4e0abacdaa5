/** One figure of a trial, for `npm run bench`, which starts it as a process. */
export interface TrialCase {
  readonly case: string;
  readonly value: number;
  readonly unit: string;
  readonly n: number;
  /** The same under other circumstances, measured in the same run. */
  readonly peer?: string;
  readonly peer_value?: number;
  /** value / peer_value */
  readonly ratio?: number;
  /** What the value has to keep, or the ratio where there is one. */
  readonly goal?: { readonly sense: '<=' | '>='; readonly limit: number };
}

/** Hands figures to the process that started this one, if any; more than once adds to those before. */
export const tell = (cases: readonly TrialCase[]): void => void process.send?.({ cases });
