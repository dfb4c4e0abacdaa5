/** An end that the reader can do something about: printed as it is, without a stack. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
}

/** The command line itself is wrong: exit code 2. */
export class UsageError extends CliError {
  override readonly name = 'UsageError';
}

/** The server refused: its own code and sentence. */
export class ApiError extends CliError {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Seconds. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

/** The server could not be reached, or went away during the answer. */
export class ConnectionError extends CliError {
  override readonly name = 'ConnectionError';
}

export const goneOnTheWay = 'A file changed, or went away, while it was being sent.';

/** A file to send cannot be read; the message says why. */
export class UnreadableFile extends CliError {
  override readonly name = 'UnreadableFile';
}

export const isAbort = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
