import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { MillraceError, type DocumentVersion } from '@millrace/contracts';

export interface DocumentRow {
  readonly id: number;
  readonly name: string;
  readonly space: number;
  /** The visible version. */
  readonly live: number | null;
  /** No version up to this one comes back; 0: never removed. */
  readonly tombstone: number;
}

/** Which version of each document is visible, and which are gone for good. */
export class DocumentTable {
  private readonly addSpace: StatementSync;
  private readonly add: StatementSync;
  private readonly select: StatementSync;
  private readonly updateLive: StatementSync;
  private readonly raiseTombstone: StatementSync;

  constructor(database: DatabaseSync) {
    this.addSpace = database.prepare(
      'INSERT INTO space (collection, tenant) SELECT id, ? FROM collection WHERE name = ? ON CONFLICT DO NOTHING',
    );
    const ofSpace = `FROM space JOIN collection ON collection.id = space.collection
      WHERE space.tenant = :tenant AND collection.name = :collection`;
    this.add = database.prepare(
      `INSERT INTO document (space, name) SELECT space.id, :document ${ofSpace} ON CONFLICT DO NOTHING`,
    );
    this.select = database.prepare(
      `SELECT id, name, space, live, tombstone FROM document
       WHERE space = (SELECT space.id ${ofSpace}) AND name = :document`,
    );
    this.updateLive = database.prepare('UPDATE document SET live = ? WHERE id = ?');
    this.raiseTombstone = database.prepare('UPDATE document SET tombstone = max(tombstone, ?) WHERE id = ?');
  }

  /** The document's row, made when it is new. Throws `index_missing` when there is no such collection. */
  open(collection: string, { tenant, document }: Omit<DocumentVersion, 'version'>): DocumentRow {
    const key = { collection, tenant, document };
    const known = this.select.get(key) ?? this.create(key);
    if (!known) throw new MillraceError('index_missing', { detail: `there is no collection ${collection}` });
    return known as unknown as DocumentRow;
  }

  setLive(id: number, version: number | null): void {
    this.updateLive.run(version, id);
  }

  bury(id: number, version: number): void {
    this.raiseTombstone.run(version, id);
  }

  private create(key: { collection: string; tenant: string; document: string }) {
    this.addSpace.run(key.tenant, key.collection);
    this.add.run(key);
    return this.select.get(key);
  }
}
