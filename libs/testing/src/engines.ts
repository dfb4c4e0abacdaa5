import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The servers that `npm run engines -- up` runs, and how to reach them. */
export interface Engines {
  readonly kafka: { readonly brokers: readonly string[] };
  readonly redis: { readonly url: string };
  readonly postgres: { readonly url: string };
  readonly s3: {
    readonly endpoint: string;
    readonly region: string;
    readonly bucket: string;
    readonly accessKey: string;
    readonly secretKey: string;
  };
  /** `edge`: Qdrant Edge behind our REST shim; `server`: a Qdrant server. */
  readonly qdrant: { readonly url: string; readonly kind: 'edge' | 'server'; readonly apiKey?: string };
}

const file = resolve(process.env['MILLRACE_ENGINES'] ?? '.millrace/engines/state.json');

/** Where their data, logs and state are. */
export const enginesFolder = dirname(file);

/** How to reach an engine, or undefined when it is not up: then the suite skips, and the summary says so. */
export function engine<K extends keyof Engines>(name: K): Engines[K] | undefined {
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, 'utf8')) as Partial<Engines>)[name];
}

/** What a suite is skipped with. */
export const noEngine = (name: keyof Engines): string => `no ${name}: npm run engines -- up`;
