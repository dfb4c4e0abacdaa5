import { killEngine, type EngineName } from '../outside/engines.ts';
import { fullDisk } from './full-disk.ts';

/** What goes wrong with an engine, and comes right again by itself. */
export interface Fault {
  /** As in `kafka away`. */
  readonly name: string;
  /** Why it cannot be had here; undefined where it can. */
  missing?(): string | undefined;
  /** What there has to be before, for as long as `trial` runs. Default: nothing. */
  prepare?<T>(trial: () => Promise<T>): Promise<T>;
  /** Resolves when it is over. */
  strike(ms: number): Promise<void>;
}

const away = (engine: EngineName): Fault => ({
  name: `${engine} away`,
  strike: (ms) => killEngine(engine, ms),
});

export const faults = {
  kafka: away('kafka'),
  redis: away('redis'),
  postgres: away('postgres'),
  qdrant: away('qdrant'),
  s3: away('s3'),
  's3-full': fullDisk,
} satisfies Record<string, Fault>;
