export interface RedisOptions {
  /** `redis://` or `rediss://`, with user and password where there are any. */
  readonly url: string;
  /** Before every key and channel, so that several installations can share a Redis. Default `millrace`. */
  readonly prefix?: string;
  /** Milliseconds that a command may take, waiting for a connection included. Default 2,000. */
  readonly commandTimeoutMs?: number;
  /** Milliseconds before something that failed in the background is tried again. Default 500. */
  readonly retryPauseMs?: number;
  /** Told of failures in the background, all of which are tried again; of an outage once a minute. Default: nobody is. */
  readonly onError?: (error: unknown) => void;
  /** Told once of each setting of Redis that endangers the work. Default: nobody is. */
  readonly onWarning?: (message: string) => void;
}

export const defaults: Required<Omit<RedisOptions, 'url'>> = {
  prefix: 'millrace',
  commandTimeoutMs: 2_000,
  retryPauseMs: 500,
  onError: () => undefined,
  onWarning: () => undefined,
};
