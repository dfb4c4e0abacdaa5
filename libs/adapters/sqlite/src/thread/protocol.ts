import type { WireError } from './wire-error.ts';

/** What a worker thread is given at its start: which module to run on which database file. */
export interface ThreadStart {
  readonly module: string;
  readonly file: string;
}

export interface ThreadRequest {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

export type ThreadReply =
  { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: WireError };

/** A worker-side object: synchronous methods on one open database; `close` closes it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- arguments are typed by the proxy on the other side
export type ThreadModule = Record<string, (...args: any[]) => unknown>;
