import { CommanderError, type Command } from 'commander';
import type { Context, ExitCode, Run } from './context.ts';
import { CliError, goneOnTheWay, isAbort, UsageError } from './errors.ts';
import { MillraceClient } from './http/client.ts';
import { Output } from './output/output.ts';
import { printable } from './output/printable.ts';
import { program } from './program.ts';
import type { CliSettings } from './settings.ts';

interface GlobalOptions {
  readonly url?: string;
  readonly key?: string;
  readonly json?: boolean;
}

const wrongUsage = 2;
/** As shells report them: 128 and the number of the signal. */
const interrupted = 130;
const brokenPipe = 141;

/** Runs one command line to its end; the exit code. */
export async function runCli(args: readonly string[], settings: CliSettings): Promise<ExitCode> {
  const stop = new AbortController();
  onInterrupt(stop);
  letEchoesPass(stop.signal);
  endWithReader();
  let exitCode = 0;
  const run: Run =
    <A extends unknown[]>(work: (context: Context, ...args: A) => Promise<ExitCode | void>) =>
    async (...given) => {
      // The command itself comes last, its options before it.
      const command = given.at(-1) as Command;
      const context = contextOf(command.optsWithGlobals(), settings, stop.signal);
      exitCode = (await work(context, ...(given.slice(0, -1) as A))) ?? 0;
    };
  try {
    await program(run).parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Requests that are still open would keep the process alive.
    stop.abort();
    return report(error);
  }
}

const contextOf = (
  { url, key, json = false }: GlobalOptions,
  settings: CliSettings,
  signal: AbortSignal,
): Context => {
  const output = new Output({ stdout: process.stdout, stderr: process.stderr, json });
  const onAbsence = (text: string): void => output.note(text);
  return {
    client: new MillraceClient({ url: url ?? settings.url, key: key ?? settings.key, signal, onAbsence }),
    output,
    cwd: settings.cwd,
    signal,
  };
};

/** The first Ctrl-C stops what runs and lets the command say where it stopped; the second ends at once. */
function onInterrupt(stop: AbortController): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(interrupted);
      stop.abort();
    });
}

/**
 * A form whose sending was stopped, or whose file went away meanwhile, makes Node throw once more, out of no promise that
 * anybody holds; the request with that file never ends (seen in Node 24).
 */
function letEchoesPass(stopped: AbortSignal): void {
  process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
    if (stopped.aborted && error.code === 'ERR_INVALID_STATE') return;
    if (error.name === 'NotReadableError') process.stderr.write(`${goneOnTheWay} Try again.\n`);
    else console.error(error);
    process.exit(1);
  });
}

/** `millrace search x | head` ends when `head` has seen enough; a full disk behind `>` is told of. */
function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(brokenPipe);
      if (stream === process.stdout) process.stderr.write(`The output cannot be written: ${error.message}\n`);
      process.exit(1);
    });
}

function report(error: unknown): ExitCode {
  // Commander has printed its help or what is wrong with the arguments.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : wrongUsage;
  if (isAbort(error)) return interrupted;
  if (!(error instanceof CliError)) throw error;
  process.stderr.write(`${printable(error.message)}\n`);
  return error instanceof UsageError ? wrongUsage : 1;
}
