import type { DatabaseSync } from 'node:sqlite';
import { MillraceError, type DocumentVersion } from '@millrace/contracts';
import type { CollectionSpec, Publication } from '@millrace/ports';
import { GroupCommit } from '../thread/group-commit.ts';
import { DocumentTable, type DocumentRow } from './document-table.ts';
import { DroppedCollections } from './dropped-collections.ts';
import { ErasedTerms } from './erased-terms.ts';
import { openVectors } from './open-vectors.ts';
import { StagedTable, type StagedChunk } from './staged-table.ts';
import { VisibleTables } from './visible-tables.ts';

/** The writing thread. Versions only ever go up: see `VectorStore` for what may arrive late or twice. */
export function openVectorWriter(file: string): GroupCommit {
  const database = openVectors(file);
  const writer = new VectorWriter(database);
  const methods = {
    ensureCollection: (spec: CollectionSpec) => writer.ensureCollection(spec),
    stage: (collection: string, version: DocumentVersion, chunks: StagedChunk[], vectors: Float32Array) =>
      writer.stage(collection, version, chunks, vectors),
    publish: (collection: string, version: DocumentVersion, chunks: number) =>
      writer.publish(collection, version, chunks),
    remove: (collection: string, version: DocumentVersion) => writer.remove(collection, version),
    drop: (collection: string) => writer.dropped.add(collection),
    clearDropped: () => writer.dropped.clear(),
    sweep: (isFirst: boolean) => writer.erasures.sweep(isFirst),
    probe: () => database.prepare('SELECT 1').get(),
  };
  return new GroupCommit(database, methods, () => writer.erasures.emptyLog());
}

class VectorWriter {
  private readonly documents: DocumentTable;
  private readonly staged: StagedTable;
  private readonly visible: VisibleTables;
  readonly erasures: ErasedTerms;
  readonly dropped: DroppedCollections;

  constructor(private readonly database: DatabaseSync) {
    this.documents = new DocumentTable(database);
    this.staged = new StagedTable(database);
    this.visible = new VisibleTables(database);
    this.erasures = new ErasedTerms(database);
    this.dropped = new DroppedCollections(database, this.erasures);
  }

  ensureCollection({ name, dims }: CollectionSpec): void {
    this.database
      .prepare('INSERT INTO collection (name, dims) VALUES (?, ?) ON CONFLICT DO NOTHING')
      .run(name, dims);
    const known = this.dims(name);
    if (known !== dims)
      throw new MillraceError('internal', {
        detail: `${name} has vectors of ${known} dimensions, not ${dims}`,
      });
  }

  stage(
    collection: string,
    version: DocumentVersion,
    chunks: readonly StagedChunk[],
    vectors: Float32Array,
  ): void {
    const dims = this.dims(collection);
    if (vectors.length !== chunks.length * dims)
      throw new MillraceError('internal', { detail: `a vector is not ${dims} long` });
    const document = this.documents.open(collection, version);
    if (isOver(document, version.version)) return;
    for (const [index, chunk] of chunks.entries())
      this.staged.put(
        document.id,
        version.version,
        chunk,
        vectors.subarray(index * dims, (index + 1) * dims),
      );
  }

  publish(collection: string, version: DocumentVersion, chunks: number): Publication {
    const document = this.documents.open(collection, version);
    if (document.live === version.version) return { outcome: 'published', removed: 0 };
    if (isOver(document, version.version)) return { outcome: 'superseded', removed: 0 };
    const staged = this.staged.read(document.id, version.version, chunks);
    if (staged.length < chunks)
      throw new MillraceError('internal', { detail: `${staged.length} of ${chunks} chunks were staged` });
    const removed = this.visible.remove(document);
    this.visible.add(document, version.version, staged);
    this.staged.drop(document.id, version.version);
    this.documents.setLive(document.id, version.version);
    return { outcome: 'published', removed };
  }

  remove(collection: string, { version, ...of }: DocumentVersion): { removed: number } {
    const document = this.documents.open(collection, of);
    this.documents.bury(document.id, version);
    this.staged.drop(document.id, version);
    if (document.live === null || document.live > version) return { removed: 0 };
    this.documents.setLive(document.id, null);
    this.erasures.note();
    return { removed: this.visible.remove(document) };
  }

  private dims(collection: string): number {
    const row = this.database.prepare('SELECT dims FROM collection WHERE name = ?').get(collection);
    if (!row) throw new MillraceError('index_missing', { detail: `there is no collection ${collection}` });
    return row.dims as number;
  }
}

/** True when this or a newer version is visible or buried already. */
const isOver = ({ live, tombstone }: DocumentRow, version: number): boolean =>
  version <= Math.max(live ?? 0, tombstone);
