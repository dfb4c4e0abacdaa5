import type { DatabaseSync } from 'node:sqlite';
import { MillraceError, type DocumentVersion } from '@millrace/contracts';
import {
  byMarginalRelevance,
  explained,
  rank,
  sidesOf,
  type AuditRow,
  type Choice,
  type SearchHit,
  type Sides,
  type TermTotals,
  type VectorQuery,
} from '@millrace/ports';
import type { ThreadModule } from '../thread/protocol.ts';
import { rankByVector, vectorsOf } from './dense-ranking.ts';
import { Eligible, type Candidate } from './eligible.ts';
import { hitOf, hitsOfChunks, withNeighbours, type HitRow } from './hits.ts';
import { openVectors } from './open-vectors.ts';
import { rankByTerms } from './text-ranking.ts';

/** The query with its defaults worked out. */
export type PlannedQuery = VectorQuery & { readonly candidates: number };

type DocumentName = Pick<DocumentVersion, 'tenant' | 'document'>;

interface Space extends TermTotals {
  readonly id: number;
  readonly dims: number;
}

/** The searching thread: each method sees one snapshot of the file. */
export function openVectorReader(file: string): ThreadModule {
  const database = openVectors(file);
  database.exec('PRAGMA query_only = ON');
  const reader = new VectorReader(database);
  const inSnapshot = <T>(read: () => T): T => {
    database.exec('BEGIN');
    try {
      return read();
    } finally {
      database.exec('COMMIT');
    }
  };
  return {
    search: (collection: string, query: PlannedQuery) => inSnapshot(() => reader.search(collection, query)),
    range: (collection: string, of: DocumentName, from: number, to: number) =>
      inSnapshot(() => reader.range(collection, of, from, to)),
    count: (collection: string, tenant: string) => inSnapshot(() => reader.count(collection, tenant)),
    audit: (collection: string, tenant: string, after: string, limit: number) =>
      inSnapshot(() => reader.audit(collection, tenant, after, limit)),
    probe: () => database.prepare('SELECT 1').get(),
    close: () => database.close(),
  };
}

class VectorReader {
  constructor(private readonly database: DatabaseSync) {}

  search(collection: string, query: PlannedQuery): SearchHit[] {
    const space = this.space(collection, query.tenant);
    if (query.vector && query.vector.length !== space.dims)
      throw new MillraceError('internal', { detail: `the query vector is not ${space.dims} long` });
    if (space.chunks === 0) return [];
    const sides = this.sides(space, query);
    const choices = this.choose(rank(sides, query), query);
    const chosen = choices.map(({ candidate }) => candidate);
    const hits = hitsOfChunks(this.database, chosen);
    const wide = withNeighbours(this.database, space.id, hits, chosen, query);
    return this.withVectors(explained(wide, choices, sides, query), chosen, query);
  }

  range(collection: string, { tenant, document }: DocumentName, from: number, to: number): SearchHit[] {
    const rows = this.database
      .prepare(
        `SELECT chunk.content, chunk.version, document.name AS document, facet.metadata
         FROM document JOIN chunk ON chunk.document = document.id JOIN facet ON facet.id = chunk.facet
         WHERE document.space = ? AND document.name = ? AND chunk.ordinal BETWEEN ? AND ? ORDER BY chunk.ordinal`,
      )
      .all(this.space(collection, tenant).id, document, from, to) as unknown as HitRow[];
    return rows.map((row) => hitOf(row, 0));
  }

  count(collection: string, tenant: string): number {
    return this.database
      .prepare('SELECT count(*) AS n FROM vector WHERE space = ?')
      .get(this.space(collection, tenant).id)!.n as number;
  }

  audit(collection: string, tenant: string, after: string, limit: number): AuditRow[] {
    const rows = this.database
      .prepare(
        `SELECT name, (SELECT json_group_array(json_array(version, uuid) ORDER BY ordinal) FROM chunk
           WHERE chunk.document = document.id) AS chunks
         FROM document WHERE space = ? AND name > ? AND live IS NOT NULL ORDER BY name LIMIT ?`,
      )
      .all(this.space(collection, tenant).id, after, limit) as unknown as { name: string; chunks: string }[];
    return rows.map(({ name, chunks }) => {
      const parsed = JSON.parse(chunks) as [version: number, uuid: string][];
      const versions = [...new Set(parsed.map(([version]) => version))];
      return { document: name, versions, chunkIds: parsed.map(([, uuid]) => uuid) };
    });
  }

  private sides(space: Space, query: PlannedQuery): Sides<Candidate> {
    const { vector, terms, mmr, limit, candidates } = query;
    const eligible = new Eligible(this.database, space.id, query);
    const wanted = mmr || sidesOf(query).length > 1 ? candidates : limit;
    return {
      ...(vector && { dense: rankByVector(this.database, eligible, vector, wanted) }),
      ...(terms && { sparse: rankByTerms(this.database, eligible, space, terms, wanted) }),
    };
  }

  private choose(
    ranked: readonly Candidate[],
    { mmr, limit, candidates }: PlannedQuery,
  ): Choice<Candidate>[] {
    if (!mmr) return ranked.slice(0, limit).map((candidate) => ({ candidate }));
    const pool = ranked.slice(0, candidates);
    const vectors = vectorsOf(this.database, pool);
    const { diversity } = mmr;
    return [...byMarginalRelevance(pool, ({ id }) => vectors.get(id)!, { diversity, limit })];
  }

  private withVectors(
    hits: SearchHit[],
    chosen: readonly Candidate[],
    { vectors: wanted }: PlannedQuery,
  ): SearchHit[] {
    if (!wanted) return hits;
    const vectors = vectorsOf(this.database, chosen);
    return hits.map((hit, at) => ({ ...hit, vector: vectors.get(chosen[at]!.id)! }));
  }

  /** One that does not exist yet is empty; the collection must exist. */
  private space(collection: string, tenant: string): Space {
    const row = this.database
      .prepare(
        `SELECT coalesce(space.id, 0) AS id, dims, coalesce(chunks, 0) AS chunks, coalesce(terms, 0) AS terms
         FROM collection LEFT JOIN space ON space.collection = collection.id AND tenant = ? WHERE name = ?`,
      )
      .get(tenant, collection);
    if (!row) throw new MillraceError('index_missing', { detail: `there is no collection ${collection}` });
    return row as unknown as Space;
  }
}
