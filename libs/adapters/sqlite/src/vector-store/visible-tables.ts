import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Metadata } from '@millrace/contracts';
import type { DocumentRow } from './document-table.ts';
import { factsOf } from './facet-filter.ts';
import type { StagedRow } from './staged-table.ts';
import { chunkId, chunkLength, chunkSequence, postingTerm } from './text-ranking.ts';

/** What searches read: chunks, their vectors and postings, and what filters look at. */
export class VisibleTables {
  private readonly insertChunk: StatementSync;
  private readonly insertVector: StatementSync;
  private readonly insertText: StatementSync;
  private readonly insertFacet: StatementSync;
  private readonly insertFact: StatementSync;
  private readonly insertAccess: StatementSync;
  private readonly lastId: StatementSync;
  private readonly idsOf: StatementSync;
  private readonly count: StatementSync;
  private readonly deletes: readonly StatementSync[];
  private readonly deleteText: StatementSync;

  constructor(database: DatabaseSync) {
    this.insertChunk = database.prepare(
      'INSERT INTO chunk (id, document, version, ordinal, uuid, facet, content) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.insertVector = database.prepare(
      `INSERT INTO vector (id, space, facet, uuid, outline, embedding)
       VALUES (:id, :space, :facet, :uuid,
         iif(length(:embedding) % 32 = 0, vec_quantize_binary(vec_f32(:embedding)), NULL), :embedding)`,
    );
    this.insertText = database.prepare('INSERT INTO text_index (rowid, terms) VALUES (?, ?)');
    this.insertFacet = database.prepare(
      'INSERT INTO facet (space, document, restricted, metadata) VALUES (?, ?, ?, ?)',
    );
    this.insertFact = database.prepare(
      'INSERT OR IGNORE INTO fact (space, key, value, facet) VALUES (?, ?, ?, ?)',
    );
    this.insertAccess = database.prepare(
      'INSERT OR IGNORE INTO access (space, entry, facet) VALUES (?, ?, ?)',
    );
    this.lastId = database.prepare('SELECT coalesce(max(id), 0) AS id FROM chunk');
    this.idsOf = database.prepare('SELECT id FROM chunk WHERE document = ?');
    this.count = database.prepare('UPDATE space SET chunks = chunks + ?, terms = terms + ? WHERE id = ?');
    this.deleteText = database.prepare('DELETE FROM text_index WHERE rowid = ?');
    const ofFacets = 'WHERE facet IN (SELECT id FROM facet WHERE document = ?)';
    this.deletes = [
      'DELETE FROM vector WHERE id IN (SELECT id FROM chunk WHERE document = ?)',
      'DELETE FROM chunk WHERE document = ?',
      `DELETE FROM fact ${ofFacets}`,
      `DELETE FROM access ${ofFacets}`,
      'DELETE FROM facet WHERE document = ?',
    ].map((sql) => database.prepare(sql));
  }

  /** Takes away all chunks of the document; how many there were. */
  remove({ id: document, space }: DocumentRow): number {
    const ids = (this.idsOf.all(document) as unknown as { id: number }[]).map(({ id }) => id);
    for (const id of ids) this.deleteText.run(BigInt(id));
    for (const statement of this.deletes) statement.run(document);
    this.count.run(-ids.length, -sumOf(ids.map(chunkLength)), space);
    return ids.length;
  }

  add(document: DocumentRow, version: number, rows: readonly StagedRow[]): void {
    const facets = new Map<string, number>();
    const { id: last } = this.lastId.get() as { id: number };
    const ids = rows.map((row, index) => {
      const terms = row.terms === '' ? [] : row.terms.split(' ');
      const id = chunkId(chunkSequence(last) + 1 + index, terms.length);
      this.addChunk(id, document, version, row, this.facetOf(document, row, facets), terms);
      return id;
    });
    this.count.run(ids.length, sumOf(ids.map(chunkLength)), document.space);
  }

  private addChunk(
    id: number,
    { id: document, space }: DocumentRow,
    version: number,
    { ordinal, uuid, content, embedding }: StagedRow,
    facet: number,
    terms: readonly string[],
  ): void {
    this.insertChunk.run(id, document, version, ordinal, uuid, facet, content);
    this.insertVector.run({ id, space, facet, uuid, embedding });
    this.insertText.run(BigInt(id), terms.map((term) => postingTerm(space, term)).join(' '));
  }

  /** The facet of a chunk; chunks with the same metadata and access list share one. */
  private facetOf(document: DocumentRow, { metadata, acl }: StagedRow, known: Map<string, number>): number {
    const key = `${metadata}\n${acl}`;
    const facet = known.get(key) ?? this.addFacet(document, metadata, JSON.parse(acl) as string[]);
    known.set(key, facet);
    return facet;
  }

  private addFacet({ id, space, name }: DocumentRow, metadata: string, acl: readonly string[]): number {
    const { lastInsertRowid } = this.insertFacet.run(space, id, acl.length > 0 ? 1 : 0, metadata);
    const facet = Number(lastInsertRowid);
    for (const [key, value] of factsOf(name, JSON.parse(metadata) as Metadata))
      this.insertFact.run(space, key, value, facet);
    for (const entry of acl) this.insertAccess.run(space, entry, facet);
    return facet;
  }
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
