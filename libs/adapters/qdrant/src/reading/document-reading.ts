import type { AuditRow, SearchHit } from '@millrace/ports';
import type { Collection } from '../collection/collection.ts';
import { all, is, isAny, isEmpty, not, ofDocument, within } from '../filter/conditions.ts';
import { hitFields, hitOf, type HitPayload } from '../points/chunk-point.ts';
import { candidateFields, type Candidate } from '../ranking/ranking.ts';
import {
  fromPayload,
  isSame,
  isVisible,
  liveVersion,
  pointerId,
  type DocumentName,
  type Pointer,
  type PointerPayload,
} from '../versions/pointer.ts';
import type { Pointers } from '../versions/pointers.ts';
import { scrollAll } from './scroll.ts';
import { settle } from './settle.ts';

/** More numbers of chunks than documents have. */
const allCounts = 100_000;
/** Documents whose chunks are read at a time. */
const auditedAtOnce = 50;

/** Documents as they are, without a query. */
export class DocumentReading {
  constructor(private readonly pointers: Pointers) {}

  /** The chunks of the live version from one ordinal to another, by ordinal. */
  range(collection: Collection, name: DocumentName, from: number, to: number): Promise<SearchHit[]> {
    return settle(async () => {
      const pointer = await this.pointers.readOne(collection, name);
      const live = liveVersion(pointer);
      const last = Math.min(to, pointer.chunks - 1);
      if (live === undefined || last < from) return [];
      const ordinals = within('ordinal', { gte: from, lte: last });
      const chunks = all(...ofDocument(name), is('version', live), ordinals);
      const records = await scrollAll(collection, chunks, hitFields);
      if (!(await this.stillSo(collection, [pointer]))) return undefined;
      return records
        .map(({ id, payload }) => hitOf(String(id), payload as unknown as HitPayload, 0))
        .sort((a, b) => a.ordinal - b.ordinal);
    });
  }

  /** Chunks of all live versions of the tenant. */
  async count(collection: Collection, tenant: string): Promise<number> {
    const request = { key: 'chunks', filter: all(is('owner', tenant)), limit: allCounts, exact: true };
    const { hits } = await collection.run((client, name) => client.facet(name, request));
    return hits.reduce((sum, { value, count }) => sum + Number(value) * count, 0);
  }

  /** In the order of the pointers' ids. */
  async audit(collection: Collection, tenant: string, after: string, limit: number): Promise<AuditRow[]> {
    const page = await this.livePage(collection, tenant, after, limit);
    const rows: AuditRow[] = [];
    for (let at = 0; at < page.length; at += auditedAtOnce)
      rows.push(...(await this.auditRows(collection, page.slice(at, at + auditedAtOnce))));
    return rows;
  }

  private async livePage(
    collection: Collection,
    tenant: string,
    after: string,
    limit: number,
  ): Promise<Pointer[]> {
    const filter = { ...all(is('owner', tenant)), ...not(isEmpty('chunks')) };
    const first = after === '' ? undefined : pointerId({ tenant, document: after });
    const { points } = await collection.run((client, name) =>
      client.scroll(name, { filter, limit: limit + 1, ...(first !== undefined && { offset: first }) }),
    );
    return points
      .filter(({ id }) => id !== first)
      .slice(0, limit)
      .map(({ payload }) => fromPayload(payload as unknown as PointerPayload));
  }

  private auditRows(collection: Collection, page: readonly Pointer[]): Promise<AuditRow[]> {
    let pointers = page;
    return settle(async () => {
      const [first] = pointers;
      if (!first) return [];
      const names = pointers.map(({ document }) => document);
      const chunks = all(is('tenant', first.tenant), isAny('document', names));
      const records = await scrollAll(collection, chunks, candidateFields);
      const now = await this.pointers.read(collection, pointers, performance.now());
      if (!pointers.every((pointer) => isSame(pointer, now.get(pointer.document)?.pointer))) {
        pointers = [...now.values()]
          .map(({ pointer }) => pointer)
          .filter((pointer) => liveVersion(pointer) !== undefined);
        return undefined;
      }
      const found = records.map(({ id, payload }) => ({
        ...(payload as unknown as Candidate),
        uuid: String(id),
      }));
      return pointers.map((pointer) => auditRow(pointer, found));
    });
  }

  private async stillSo(collection: Collection, before: readonly Pointer[]): Promise<boolean> {
    const now = await this.pointers.read(collection, before, performance.now());
    return before.every((pointer) => isSame(pointer, now.get(pointer.document)?.pointer));
  }
}

function auditRow(pointer: Pointer, chunks: readonly Candidate[]): AuditRow {
  const shown = chunks
    .filter((chunk) => chunk.document === pointer.document && isVisible(pointer, chunk))
    .sort((a, b) => a.ordinal - b.ordinal);
  return {
    document: pointer.document,
    versions: [...new Set(shown.map(({ version }) => version))],
    chunkIds: shown.map(({ uuid }) => uuid),
  };
}
