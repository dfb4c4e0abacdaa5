import { MillraceError, type DocumentVersion } from '@millrace/contracts';
import type { Publication, StoredChunk } from '@millrace/ports';
import type { Collection } from '../collection/collection.ts';
import { all, is, ofDocument, within } from '../filter/conditions.ts';
import { inBatches } from '../points/batches.ts';
import { chunkPoint } from '../points/chunk-point.ts';
import { buried, isOver, liveVersion, published, type Pointer } from './pointer.ts';
import type { Pointers } from './pointers.ts';
import type { Sweeper } from './sweeper.ts';

const superseded: Publication = { outcome: 'superseded', removed: 0 };

/**
 * Versions in, versions out. Chunks are written first and shown by nothing; then the document's pointer moves, which
 * is one write to one point; then what it left behind is taken away. Stopped anywhere and done again, it ends the same.
 */
export class Versions {
  constructor(
    private readonly pointers: Pointers,
    private readonly sweeper: Sweeper,
  ) {}

  /**
   * What is over is not written at all: it would stay where this process ends before it is swept, and that of the live
   * version would change under searches. What became over meanwhile goes at once.
   */
  async stage(
    collection: Collection,
    version: DocumentVersion,
    chunks: readonly StoredChunk[],
  ): Promise<void> {
    if (isOver(await this.pointers.readOne(collection, version), version.version)) return;
    for await (const batch of inBatches(chunks, collection.dims))
      await this.write(collection, version, batch);
    const pointer = await this.pointers.readOne(collection, version);
    if (isOver(pointer, version.version)) await this.sweeper.sweepReplaced(collection, pointer);
  }

  async publish(collection: Collection, version: DocumentVersion, chunks: number): Promise<Publication> {
    const [before, staged] = await Promise.all([
      this.pointers.readOne(collection, version),
      this.countStaged(collection, version, chunks),
    ]);
    if (isOver(before, version.version)) return this.alreadyOver(collection, version, before);
    const next = published(version, chunks);
    if (staged >= chunks) await this.pointers.raise(collection, next);
    const after = await this.pointers.readOne(collection, version);
    if (after.state < next.state)
      throw new MillraceError('internal', { detail: `${staged} of ${chunks} chunks were staged` });
    await this.sweepAfter(collection, before, after);
    if (after.state > next.state) return superseded;
    return { outcome: 'published', removed: before.chunks };
  }

  async remove(collection: Collection, version: DocumentVersion): Promise<{ readonly removed: number }> {
    const before = await this.pointers.readOne(collection, version);
    const next = buried(version);
    if (before.state < next.state) await this.pointers.raise(collection, next);
    const after = before.state < next.state ? await this.pointers.readOne(collection, version) : before;
    await this.sweeper.sweepReplaced(collection, after);
    return { removed: before.state < next.state ? before.chunks : 0 };
  }

  /** What an earlier attempt, cut short, left behind goes now. */
  private async alreadyOver(
    collection: Collection,
    { version }: DocumentVersion,
    pointer: Pointer,
  ): Promise<Publication> {
    await this.sweeper.sweepReplaced(collection, pointer);
    return liveVersion(pointer) === version ? { outcome: 'published', removed: 0 } : superseded;
  }

  /** Where nothing was live there is nothing that a search could miss. */
  private sweepAfter(collection: Collection, before: Pointer, after: Pointer): Promise<void> {
    const replaced = liveVersion(before) !== undefined;
    return replaced ? this.sweeper.sweepReplaced(collection, after) : this.sweeper.sweep(collection, after);
  }

  private write(
    collection: Collection,
    version: DocumentVersion,
    chunks: readonly StoredChunk[],
  ): Promise<unknown> {
    const points = chunks.map((chunk) => chunkPoint(version, chunk));
    return collection.run((client, name) => client.upsert(name, { wait: true, points }));
  }

  private async countStaged(
    collection: Collection,
    version: DocumentVersion,
    chunks: number,
  ): Promise<number> {
    const filter = all(
      ...ofDocument(version),
      is('version', version.version),
      within('ordinal', { lt: chunks }),
    );
    const { count } = await collection.run((client, name) => client.count(name, { filter, exact: true }));
    return count;
  }
}
