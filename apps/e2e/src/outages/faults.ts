import { killEngine, type EngineName } from '../outside/engines.ts';
import type { Fault } from './fault.ts';
import { fullDisk } from './full-disk.ts';

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
