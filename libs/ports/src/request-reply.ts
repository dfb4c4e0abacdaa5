import type { Lane } from './work-queue.ts';

/**
 * Calls between services on the interactive path. Not durable: a call whose caller or worker dies fails, and the
 * caller decides. Inputs, outputs and errors are plain JSON; a `MillraceError` arrives with its code.
 */
export interface RequestReply {
  /** Rejects with `deadline_exceeded`, `cancelled`, `queue_full`, `dependency_unavailable` or the worker's error. */
  call(method: string, input: unknown, options: CallOptions): Promise<unknown>;

  /** Offers a method. At most `concurrency` run and `maxWaiting` wait; one more is refused with `queue_full`. */
  serve(method: string, options: ServeOptions): Promise<Served>;

  healthy(): Promise<boolean>;

  close(): Promise<void>;
}

export interface CallOptions {
  /** Epoch milliseconds; travels with the call. */
  readonly deadline: number;
  /** Aborting cancels the call, and at the other end its `signal`. */
  readonly signal?: AbortSignal | undefined;
  readonly lane?: Lane | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface IncomingCall {
  readonly input: unknown;
  readonly deadline: number;
  /** Aborts at the deadline, or when the caller went away. */
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ServeOptions {
  readonly concurrency: number;
  readonly maxWaiting: number;
  readonly handler: (call: IncomingCall) => Promise<unknown>;
}

export interface Served {
  /** Refuses new calls and waits for the running ones. */
  close(): Promise<void>;
}
