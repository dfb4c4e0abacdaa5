import { documentKey } from '@millrace/contracts';
import type { OutboxEvent, PushedEvent } from '@millrace/ports';
import type { Transaction } from 'kysely';
import { appendEntries, type Addition } from './audit-chain.ts';
import type { DocumentRecord } from './document-record.ts';
import { lockPlan } from './dialects.ts';
import { FailedRecords } from './failed-records.ts';
import { holdKeys, keyOf, saveKeys, type IdempotencyRow, type KeyClaim } from './idempotency.ts';
import { IndexBook } from './index-book.ts';
import { loadRecords, type DocumentName, type WantedDocument } from './load-records.ts';
import { saveEvents, saveRecords } from './save-records.ts';
import type { Schema } from './schema.ts';

/** What an operation reads and writes. */
export interface Touches {
  readonly document?: WantedDocument | undefined;
  readonly key?: KeyClaim | undefined;
  /** Asks for it: its record may have failed before. */
  readonly event?: PushedEvent | undefined;
}

/**
 * What a group of operations reads and writes, in memory for the length of their transaction: loaded and locked at
 * its start, written at its end.
 */
export class Ledger {
  /** Events beside those of the records. */
  readonly events: OutboxEvent[] = [];
  readonly audited: Addition[] = [];
  /** Outbox events that are in the log by now. */
  readonly relayed: number[] = [];

  private constructor(
    private readonly records: ReadonlyMap<string, DocumentRecord>,
    private readonly keys: ReadonlyMap<string, IdempotencyRow>,
    /** Where one of the operations is about what indexes have. */
    readonly book: IndexBook | undefined,
    readonly failed: FailedRecords,
  ) {}

  static async load(trx: Transaction<Schema>, touches: readonly Touches[]): Promise<Ledger> {
    const indexed = touches.flatMap(({ document }) => (document?.indexed ? document : []));
    if (indexed.length > 0) await lockPlan(trx, { alone: false });
    const keys = await holdKeys(
      trx,
      touches.flatMap(({ key }) => key ?? []),
    );
    const records = await loadRecords(
      trx,
      touches.flatMap(({ document }) => document ?? []),
    );
    const book = indexed.length > 0 ? await IndexBook.load(trx, indexed) : undefined;
    const failed = await FailedRecords.load(
      trx,
      touches.map(({ event }) => event),
    );
    return new Ledger(records, keys, book, failed);
  }

  /** Undefined when the document was never there. */
  record(name: DocumentName): DocumentRecord | undefined {
    return this.records.get(documentKey(name));
  }

  key(claim: KeyClaim): IdempotencyRow | undefined {
    return this.keys.get(keyOf(claim));
  }

  async save(trx: Transaction<Schema>): Promise<void> {
    const records = [...this.records.values()];
    await saveRecords(trx, records);
    await this.failed.save(trx);
    await saveEvents(trx, [...records.flatMap(({ unsaved }) => unsaved.events), ...this.events]);
    await this.book?.save(trx);
    await saveKeys(trx, [...this.keys.values()]);
    if (this.relayed.length > 0) await trx.deleteFrom('outbox').where('id', 'in', this.relayed).execute();
    await appendEntries(trx, this.audited);
  }
}
