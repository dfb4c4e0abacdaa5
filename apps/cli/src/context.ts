import type { MillraceClient } from './http/client.ts';
import type { Output } from './output/output.ts';

/** What a command works with. */
export interface Context {
  readonly client: MillraceClient;
  readonly output: Output;
  /** What relative paths are relative to. */
  readonly cwd: string;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
}

/** 0 when a command returns nothing. */
export type ExitCode = number;

/** Turns a command's work into the function that commander calls with the arguments, the options and the command. */
export type Run = <A extends unknown[]>(
  work: (context: Context, ...args: A) => Promise<ExitCode | void>,
) => (...args: unknown[]) => Promise<void>;
