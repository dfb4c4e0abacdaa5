import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** A chunk on its way into the file: structured parts as JSON text, terms joined by blanks. */
export interface StagedChunk {
  readonly uuid: string;
  readonly ordinal: number;
  readonly content: string;
  readonly terms: string;
  readonly metadata: string;
  readonly acl: string;
}

export interface StagedRow extends StagedChunk {
  /** float32 */
  readonly embedding: Uint8Array;
}

/** Chunks of versions that no search sees yet. */
export class StagedTable {
  private readonly insert: StatementSync;
  private readonly select: StatementSync;
  private readonly dropUpTo: StatementSync;

  constructor(database: DatabaseSync) {
    this.insert = database.prepare(
      `INSERT OR REPLACE INTO staged (document, version, uuid, ordinal, content, terms, metadata, acl, embedding)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.select = database.prepare(
      'SELECT * FROM staged WHERE document = ? AND version = ? AND ordinal < ? ORDER BY ordinal',
    );
    this.dropUpTo = database.prepare('DELETE FROM staged WHERE document = ? AND version <= ?');
  }

  put(document: number, version: number, chunk: StagedChunk, vector: Float32Array): void {
    const { uuid, ordinal, content, terms, metadata, acl } = chunk;
    const embedding = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
    this.insert.run(document, version, uuid, ordinal, content, terms, metadata, acl, embedding);
  }

  /** The first `chunks` of a version; what an earlier attempt staged beyond them does not count. */
  read(document: number, version: number, chunks: number): StagedRow[] {
    return this.select.all(document, version, chunks) as unknown as StagedRow[];
  }

  drop(document: number, upTo: number): void {
    this.dropUpTo.run(document, upTo);
  }
}
