import type { DocumentVersion, FailureReason } from '@millrace/contracts';
import type { NewAuditEntry } from './audit-registry.ts';
import type { LogPlace } from './event-log.ts';
import type { OutboxEvent } from './outbox.ts';

/** What could not be handled, kept until it is replayed or erased. Carries content only of what senders pushed. */
export interface DeadLetterRegistry {
  /**
   * Keeps the letter and moves its subject to dead-lettered, in one transaction. False, and nothing kept, when the
   * subject is unknown, already indexed or deleted, or was set going again after the letter was written. Of a subject and
   * an origin there is one letter, the last.
   * One about no version stays as it was kept first, however often it comes. False when it is gone, by a replay or an erasure
   * of the last 30 days, or was said before a delete of its document that is over.
   * @param place of its message in the topic `origin`, where it came out of one: the same record again is known by it
   */
  record(letter: DeadLetterRecord, place?: LogPlace): Promise<boolean>;
  /** The newest first, and by id those of one time, after `cursor`. */
  page(query: DeadLetterQuery): Promise<DeadLetterOutline[]>;
  find(id: string): Promise<DeadLetterRecord | undefined>;
  /**
   * Drops the letter, puts its replay into the outbox and sets its subject going again; or, with a correction, puts that
   * there and leaves the subject to the version that comes of it. False when the letter is not there any more as it was read.
   */
  replay(letter: Pick<DeadLetterRecord, 'id' | 'at'>, at: number, along: AlongWithReplay): Promise<boolean>;
}

export interface AlongWithReplay {
  /** What goes out instead of the letter's message. */
  readonly correction?: OutboxEvent | undefined;
  readonly audit: NewAuditEntry;
}

export interface DeadLetterQuery {
  readonly tenant?: string | undefined;
  /** Only letters with this reason code. */
  readonly code?: string | undefined;
  /** Only letters written at this time or later, epoch ms. */
  readonly since?: number | undefined;
  /** Only letters written before this time, epoch ms. */
  readonly until?: number | undefined;
  /** The last letter of the page before; it need not be there any more. */
  readonly cursor?: Pick<DeadLetterRecord, 'at' | 'id'> | undefined;
  readonly limit: number;
}

/** Of the key, in an outline: there may be half a megabyte of it. */
export const outlinedKeyCharacters = 512;

/** A letter without its message, of which there may be a megabyte. */
export interface DeadLetterOutline extends Omit<DeadLetterRecord, 'replay'> {
  /** Its first `outlinedKeyCharacters`. */
  readonly key: string;
  /** UTF-8, of the whole key. */
  readonly keyBytes: number;
  /** UTF-8, the key left out. */
  readonly messageBytes: number;
}

export interface DeadLetterRecord {
  readonly id: string;
  readonly tenant: string;
  readonly origin: string;
  readonly subject?: DocumentVersion | undefined;
  /** The document it was meant for, where no version came of it. */
  readonly document?: string | undefined;
  readonly reason: FailureReason;
  readonly attempts: number;
  readonly at: number;
  /** Its message's place in the history of the document, epoch ms: when it was given up first, over all its replays. */
  readonly saidAt: number;
  /** What to publish where, to send it round again. */
  readonly replay: OutboxEvent;
  /** The letter had no room for the message, of so many bytes: `replay` has none. */
  readonly omittedBytes?: number | undefined;
}
