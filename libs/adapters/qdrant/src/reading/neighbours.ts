import type { Chunk } from '@millrace/contracts';
import type { SearchHit, VectorQuery } from '@millrace/ports';
import type { Collection } from '../collection/collection.ts';
import { admission } from '../filter/admission.ts';
import { all, is, some, within } from '../filter/conditions.ts';
import { hitFields, hitOf, type HitPayload } from '../points/chunk-point.ts';
import { isSame, isVisible } from '../versions/pointer.ts';
import type { Pointers, Reading } from '../versions/pointers.ts';
import { scrollAll } from './scroll.ts';

type Wanted = Pick<VectorQuery, 'tenant' | 'access' | 'neighbours'>;

/** Chunks on either side of hits, in the versions that the hits are of. */
export class Neighbours {
  constructor(
    private readonly collection: Collection,
    private readonly pointers: Pointers,
    private readonly wanted: Wanted,
  ) {}

  /** Hits with what is around them. Undefined when one of their documents has another version by now. */
  async around(
    hits: readonly SearchHit[],
    readings: ReadonlyMap<string, Reading>,
  ): Promise<SearchHit[] | undefined> {
    if (!this.wanted.neighbours || hits.length === 0) return [...hits];
    const near = (await this.read(hits)).filter((one) => isVisible(readings.get(one.document)!.pointer, one));
    const byDocument = Map.groupBy(near, ({ document }) => document);
    if (!(await this.areStillSo(hits, readings))) return undefined;
    return hits.map((hit) => ({ ...hit, around: this.beside(hit, byDocument.get(hit.document) ?? []) }));
  }

  private async read(hits: readonly SearchHit[]): Promise<SearchHit[]> {
    const stretches = hits.map(({ document, version, ordinal }) =>
      all(is('document', document), is('version', version), within('ordinal', this.span(ordinal))),
    );
    const { tenant, access } = this.wanted;
    const filter = all(...admission({ tenant, access }), some(stretches));
    const records = await scrollAll(this.collection, filter, hitFields);
    return records.map(({ id, payload }) => hitOf(String(id), payload as unknown as HitPayload, 0));
  }

  private beside(hit: SearchHit, near: readonly SearchHit[]): Chunk[] {
    const { gte, lte } = this.span(hit.ordinal);
    return near
      .filter(({ id, ordinal }) => id !== hit.id && ordinal >= gte && ordinal <= lte)
      .toSorted((a, b) => a.ordinal - b.ordinal);
  }

  private span(ordinal: number): { gte: number; lte: number } {
    const { neighbours = 0 } = this.wanted;
    return { gte: ordinal - neighbours, lte: ordinal + neighbours };
  }

  private async areStillSo(
    hits: readonly SearchHit[],
    readings: ReadonlyMap<string, Reading>,
  ): Promise<boolean> {
    const names = hits.map(({ document }) => ({ tenant: this.wanted.tenant, document }));
    const now = await this.pointers.read(this.collection, names, performance.now());
    return names.every(({ document }) => isSame(now.get(document)!.pointer, readings.get(document)!.pointer));
  }
}
