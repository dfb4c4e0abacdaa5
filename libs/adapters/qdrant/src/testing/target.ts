import { engine, noEngine, unique } from '@millrace/testing';
import { QdrantClient } from '@qdrant/js-client-rest';
import type { QdrantOptions } from '../qdrant-options.ts';
import { EdgeProcess } from './edge-process.ts';

/** What the suites run on, for the time between `open` and `close`. */
export interface Target {
  /** For the titles of tests. */
  readonly name: string;
  /** Why nothing can be run on it. */
  readonly lack?: string;
  open(): Promise<Pick<QdrantOptions, 'url' | 'apiKey'>>;
  close(): Promise<void>;
}

/** Qdrant Edge is not the Qdrant server. */
export const edgeName = 'Qdrant Edge 0.9 behind a REST shim (not the Qdrant server)';

/** What is up and, where that is a server, Edge as well. */
export const targets: readonly Target[] =
  engine('qdrant')?.kind === 'server' ? [running('the Qdrant server'), ownEdge()] : [running(edgeName)];

function running(name: string): Target {
  const found = engine('qdrant');
  return {
    name,
    ...(!found && { lack: noEngine('qdrant') }),
    open: () => Promise.resolve(found!),
    close: () => Promise.resolve(),
  };
}

function ownEdge(): Target {
  let edge: EdgeProcess | undefined;
  return {
    name: edgeName,
    ...(!EdgeProcess.isInstalled && { lack: EdgeProcess.lack }),
    open: async () => (edge = await EdgeProcess.start()),
    close: async () => edge?.dispose(),
  };
}

/** A store's options with collections that no other test uses. */
export const freshOptions = ({ url, apiKey }: Pick<QdrantOptions, 'url' | 'apiKey'>): QdrantOptions => ({
  ...{ url, prefix: `${unique('test')}-` },
  ...(apiKey !== undefined && { apiKey }),
});

/** Drops every collection of these options. */
export async function dropAll({ url, apiKey, prefix }: QdrantOptions): Promise<void> {
  const headers = apiKey === undefined ? {} : { headers: { 'api-key': apiKey } };
  const client = new QdrantClient({ url, port: null, checkCompatibility: false, ...headers });
  const { collections } = await client.getCollections();
  for (const { name } of collections) if (name.startsWith(prefix!)) await client.deleteCollection(name);
}
