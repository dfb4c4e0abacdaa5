import { engine, unique } from '@millrace/testing';
import { QdrantClient } from '@qdrant/js-client-rest';
import type { QdrantOptions } from '../qdrant-options.ts';

/** What the suites run on. */
export const target = engine('qdrant');

/** For the titles of tests: Qdrant Edge is not the Qdrant server. */
export const targetName = {
  server: 'the Qdrant server',
  edge: 'Qdrant Edge 0.9 behind a REST shim (not the Qdrant server)',
  none: 'Qdrant',
}[target?.kind ?? 'none'];

/** A store's options with collections that no other test uses. */
export const freshOptions = (url = target!.url): QdrantOptions => ({
  ...{ url, prefix: `${unique('test')}-` },
  ...(target?.apiKey !== undefined && { apiKey: target.apiKey }),
});

/** Drops every collection of these options. */
export async function dropAll({ url, apiKey, prefix }: QdrantOptions): Promise<void> {
  const headers = apiKey === undefined ? {} : { headers: { 'api-key': apiKey } };
  const client = new QdrantClient({ url, port: null, checkCompatibility: false, ...headers });
  const { collections } = await client.getCollections();
  for (const { name } of collections) if (name.startsWith(prefix!)) await client.deleteCollection(name);
}
