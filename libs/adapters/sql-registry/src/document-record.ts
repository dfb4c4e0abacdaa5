import type { DocumentState, ErasureReceipt } from '@millrace/contracts';
import type { OutboxEvent } from '@millrace/ports';
import type { Selectable } from 'kysely';
import type { DeadLetterTable, DocumentTable, Schema, VersionTable } from './schema.ts';

export type DocumentRow = Selectable<DocumentTable>;
export type VersionRow = Selectable<VersionTable>;
export type LetterRow = Selectable<DeadLetterTable>;
export type HistoryRow = Selectable<Schema['history']>;

/** What has to be written, as a transition left it. */
export interface Unsaved {
  document: boolean;
  readonly versions: Set<number>;
  readonly removedVersions: Set<number>;
  readonly history: HistoryRow[];
  /** History of versions below this goes, before `history` is added. */
  historyFrom: number;
  readonly letters: Set<string>;
  readonly removedLetters: Set<string>;
  /** Letters about no version that were said up to then go. */
  erasedUpTo: number | undefined;
  readonly events: OutboxEvent[];
  receipt: { readonly version: number; readonly receipt: ErasureReceipt } | undefined;
}

export interface Addition {
  readonly operation: 'upsert' | 'delete';
  readonly contentHash: string | null;
  readonly bodyHash: string | null;
  readonly title: string | null;
  readonly source: string | null;
  readonly at: number;
  readonly saidAt: number;
  readonly event: OutboxEvent;
}

/** Versions that keep their history and, when they failed, their content: up to twice this many. */
export const remembered = 32;

/** Up to where failures give way when the document gets its next version; 0: nowhere. */
const failuresUpTo = ({ version }: DocumentRow): number =>
  (version + 1) % remembered === 0 ? version + 1 - remembered : 0;

/**
 * What is on record of one document, in memory for the length of a transaction, noting what changes. Of its versions
 * the newest is there, the live one, and those that the change needs. A document that was never accepted has version 0 and none.
 */
export class DocumentRecord {
  readonly unsaved: Unsaved = {
    document: false,
    versions: new Set(),
    removedVersions: new Set(),
    history: [],
    historyFrom: 0,
    letters: new Set(),
    removedLetters: new Set(),
    erasedUpTo: undefined,
    events: [],
    receipt: undefined,
  };

  constructor(
    readonly row: DocumentRow,
    readonly versions: Map<number, VersionRow>,
    readonly letters: Map<string, LetterRow>,
    /** When letters about no version were said, where that was asked for. */
    private readonly pushedLetters: readonly number[],
  ) {}

  /** Registers the next version. Returns its number. */
  add({ operation, contentHash, bodyHash, title, source, at, saidAt, event }: Addition): number {
    const version = this.row.version + 1;
    const giveWay = failuresUpTo(this.row);
    const { tenant, document } = this.row;
    this.versions.set(version, {
      ...{ tenant, document, version, operation, state: 'accepted', title, source },
      ...{
        body_hash: bodyHash,
        parsed: null,
        chunks: 0,
        reason_code: null,
        reason_message: null,
        resends: 0,
      },
      ...{
        accepted_at: at,
        said_at: saidAt,
        started_at: at,
        updated_at: at,
        resume_json: JSON.stringify(event),
      },
    });
    this.changeDocument({ version, operation, content_hash: contentHash, accepted_at: at });
    this.change(version, {});
    this.enter(version, 'accepted', at);
    this.unsaved.events.push(event);
    if (giveWay > 0) this.forgetFailures(giveWay);
    return version;
  }

  change(version: number, changes: Partial<VersionRow>): void {
    const row = this.versions.get(version);
    if (!row) return;
    Object.assign(row, changes);
    this.unsaved.versions.add(version);
  }

  changeDocument(changes: Partial<DocumentRow>): void {
    Object.assign(this.row, changes);
    this.unsaved.document = true;
  }

  /** Puts a version into a state, with the time in its history. */
  enter(version: number, state: DocumentState, at: number): void {
    const { tenant, document } = this.row;
    this.change(version, { state, updated_at: at });
    this.unsaved.history.push({ tenant, document, version, state, at });
    if (version === this.row.version) this.changeDocument({ state });
  }

  emit(event: OutboxEvent): void {
    this.unsaved.events.push(event);
  }

  remove(version: number): void {
    this.versions.delete(version);
    this.unsaved.versions.delete(version);
    this.unsaved.removedVersions.add(version);
  }

  dropHistoryBelow(version: number): void {
    this.unsaved.historyFrom = Math.max(this.unsaved.historyFrom, version);
    const kept = this.unsaved.history.filter((step) => step.version >= version);
    this.unsaved.history.splice(0, Infinity, ...kept);
  }

  addLetter(letter: LetterRow): void {
    this.letters.set(letter.id, letter);
    this.unsaved.removedLetters.delete(letter.id);
    this.unsaved.letters.add(letter.id);
  }

  /** Drops the dead letters that fit. Returns how many. */
  dropLetters(fits: (letter: LetterRow) => boolean): number {
    const dropped = [...this.letters.values()].filter(fits);
    for (const { id } of dropped) {
      this.letters.delete(id);
      this.unsaved.letters.delete(id);
      this.unsaved.removedLetters.add(id);
    }
    return dropped.length;
  }

  /** Letters about no version, as far as they were said up to then. Returns how many of those that were to be counted. */
  eraseLetters(saidUpTo: number): number {
    this.unsaved.erasedUpTo = Math.max(this.unsaved.erasedUpTo ?? saidUpTo, saidUpTo);
    return this.pushedLetters.filter((saidAt) => saidAt <= saidUpTo).length;
  }

  /** What failed so long ago gives way: its content is due to go. */
  private forgetFailures(upTo: number): void {
    this.dropHistoryBelow(upTo + 1);
    for (const { version, operation, state } of this.versions.values())
      if (version <= upTo && operation === 'upsert' && state === 'dead-lettered')
        this.change(version, { state: 'deleted' });
    this.dropLetters((letter) => (letter.version ?? 0) <= upTo);
  }
}
