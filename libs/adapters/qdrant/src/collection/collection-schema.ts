import type { CollectionSpec } from '@millrace/ports';
import type { Schemas } from '@qdrant/js-client-rest';
import { vectorNames } from '../points/chunk-point.ts';

/**
 * Vectors are searched within one tenant only, so the graph links each tenant's points and there is none over all:
 * https://qdrant.tech/documentation/guides/multiple-partitions/
 */
export const creation = ({ dims }: CollectionSpec, replicas: number): Schemas['CreateCollection'] => ({
  vectors: { [vectorNames.dense]: { size: dims, distance: 'Cosine' } },
  sparse_vectors: { [vectorNames.terms]: {} },
  hnsw_config: { m: 0, payload_m: 16 },
  replication_factor: replicas,
  write_consistency_factor: Math.floor(replicas / 2) + 1,
});

const keyword = { type: 'keyword', enable_hnsw: false } as const;
const counted = { type: 'integer', lookup: true, range: false, enable_hnsw: false } as const;
const ordered = { type: 'integer', lookup: true, range: true, enable_hnsw: false } as const;

/** Field -> index. `enable_hnsw: false`: the graph is to be linked by tenant, not by every fact and term. */
export const indexes: Readonly<Record<string, Schemas['PayloadFieldSchema']>> = {
  tenant: { type: 'keyword', is_tenant: true },
  document: keyword,
  version: ordered,
  ordinal: ordered,
  acl: keyword,
  facts: keyword,
  length: counted,
  terms: { ...counted, on_disk: true },
  owner: keyword,
  chunks: counted,
};
