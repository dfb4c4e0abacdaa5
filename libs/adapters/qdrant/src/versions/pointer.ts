import type { DocumentVersion } from '@millrace/contracts';
import { v5 } from 'uuid';
import { all, is, not, ofDocument, some, within, type Filter } from '../filter/conditions.ts';

export type DocumentName = Omit<DocumentVersion, 'version'>;

/**
 * What is said of a document: which version searches see, or that it was removed. It is one point of the collection,
 * and its `state` only ever grows, so that publications and removals may come twice, late and in any order.
 */
export interface Pointer extends DocumentName {
  /** `2 * version` of the live version, one more when it was removed; 0: nothing was said yet. */
  readonly state: number;
  /** Chunks of the live version; what was staged beyond them does not count. */
  readonly chunks: number;
  /** When it was said, by the clock of who did. */
  readonly at: number;
}

/** The payload of a pointer; `owner`, so that no filter on `tenant` ever meets one. */
export interface PointerPayload {
  readonly owner: string;
  readonly document: string;
  readonly state: number;
  /** Left out when the document was removed. */
  readonly chunks?: number;
  readonly at: number;
}

const namespace = 'e3b5b3a4-6f0c-5b0f-9a2e-4d1a7c8f2b60';

/** UUIDv5; no tenant's name has a slash. */
export const pointerId = ({ tenant, document }: DocumentName): string =>
  v5(`${tenant}/${document}`, namespace);

export const unsaid = (name: DocumentName): Pointer => ({ ...name, state: 0, chunks: 0, at: 0 });

export const published = ({ version, ...name }: DocumentVersion, chunks: number): Pointer => ({
  ...name,
  ...{ state: 2 * version, chunks, at: Date.now() },
});

export const buried = ({ version, ...name }: DocumentVersion): Pointer => ({
  ...name,
  ...{ state: 2 * version + 1, chunks: 0, at: Date.now() },
});

export const liveVersion = ({ state }: Pointer): number | undefined =>
  state > 0 && state % 2 === 0 ? state / 2 : undefined;

/** True when this or a newer version was published or removed. */
export const isOver = ({ state }: Pointer, version: number): boolean => state >= 2 * version;

/** True when a pointer says what it said. By `state` alone one of a collection that was made anew could pass for the old. */
export const isSame = (one: Saying, other: Saying | undefined): boolean =>
  one.state === other?.state && one.at === other.at;
type Saying = Pick<Pointer, 'state' | 'at'>;

export const isVisible = (
  pointer: Pointer,
  { version, ordinal }: { version: number; ordinal: number },
): boolean => version === liveVersion(pointer) && ordinal < pointer.chunks;

export const toPayload = (pointer: Pointer): PointerPayload => ({
  ...{ owner: pointer.tenant, document: pointer.document, state: pointer.state, at: pointer.at },
  ...(liveVersion(pointer) !== undefined && { chunks: pointer.chunks }),
});

export const fromPayload = ({ owner, document, state, chunks = 0, at }: PointerPayload): Pointer => ({
  ...{ tenant: owner, document, state, chunks, at },
});

/** Chunks that no search will see again, whatever comes. */
export function leftBehind(pointer: Pointer): Filter {
  const version = Math.floor(pointer.state / 2);
  const live = liveVersion(pointer);
  const beyond = all(is('version', version), within('ordinal', { gte: pointer.chunks }));
  const old = within('version', live === undefined ? { lte: version } : { lt: version });
  return all(...ofDocument(pointer), live === undefined ? old : some([old, beyond]));
}

/** Chunks of the document that `pointer` does not show. */
export function hidden(pointer: Pointer): Filter {
  const live = liveVersion(pointer);
  const document = all(is('document', pointer.document));
  return live === undefined ? document : { ...document, ...not(is('version', live)) };
}
