import type { OutboxEvent } from '@millrace/ports';
import type { Kysely, Transaction } from 'kysely';
import type { DocumentRecord, HistoryRow } from './document-record.ts';
import { forgetDocument } from './index-book.ts';
import { erasePushedLetters } from './pushed-letters.ts';
import type { Schema } from './schema.ts';

type Trx = Transaction<Schema>;
type Records = readonly DocumentRecord[];

/** Writes what changed, in as few statements as there are tables. */
export async function saveRecords(trx: Trx, records: Records): Promise<void> {
  await saveDocuments(trx, records);
  await saveVersions(trx, records);
  await saveHistory(trx, records);
  await saveLetters(trx, records);
  await saveReceipts(trx, records);
}

export async function saveEvents(db: Kysely<Schema>, events: readonly OutboxEvent[]): Promise<void> {
  if (events.length === 0) return;
  await db
    .insertInto('outbox')
    .values(events.map(({ headers, ...event }) => ({ ...event, headers_json: JSON.stringify(headers) })))
    .execute();
}

async function saveDocuments(trx: Trx, records: Records): Promise<void> {
  const changed = records.filter(({ unsaved }) => unsaved.document).map(({ row }) => row);
  if (changed.length > 0)
    await trx
      .insertInto('documents')
      .values(changed)
      .onConflict((conflict) =>
        conflict.columns(['tenant', 'document']).doUpdateSet((row) => ({
          version: row.ref('excluded.version'),
          state: row.ref('excluded.state'),
          operation: row.ref('excluded.operation'),
          content_hash: row.ref('excluded.content_hash'),
          accepted_at: row.ref('excluded.accepted_at'),
          live_version: row.ref('excluded.live_version'),
          events_json: row.ref('excluded.events_json'),
          place_json: row.ref('excluded.place_json'),
        })),
      )
      .execute();
  for (const { tenant, document, version } of records.map(({ row }) => row))
    if (version === 0)
      await trx
        .deleteFrom('documents')
        .where('tenant', '=', tenant)
        .where('document', '=', document)
        .execute();
}

async function saveVersions(trx: Trx, records: Records): Promise<void> {
  const changed = records.flatMap(({ versions, unsaved }) =>
    [...unsaved.versions].flatMap((version) => versions.get(version) ?? []),
  );
  if (changed.length > 0)
    await trx
      .insertInto('versions')
      .values(changed)
      .onConflict((conflict) =>
        conflict.columns(['tenant', 'document', 'version']).doUpdateSet((row) => ({
          state: row.ref('excluded.state'),
          source: row.ref('excluded.source'),
          parsed: row.ref('excluded.parsed'),
          chunks: row.ref('excluded.chunks'),
          reason_code: row.ref('excluded.reason_code'),
          reason_message: row.ref('excluded.reason_message'),
          resume_json: row.ref('excluded.resume_json'),
          resends: row.ref('excluded.resends'),
          said_at: row.ref('excluded.said_at'),
          started_at: row.ref('excluded.started_at'),
          updated_at: row.ref('excluded.updated_at'),
        })),
      )
      .execute();
  for (const { row, unsaved } of records)
    if (unsaved.removedVersions.size > 0)
      await trx
        .deleteFrom('versions')
        .where('tenant', '=', row.tenant)
        .where('document', '=', row.document)
        .where('version', 'in', [...unsaved.removedVersions])
        .execute();
}

async function saveHistory(trx: Trx, records: Records): Promise<void> {
  for (const { row, unsaved } of records)
    if (unsaved.historyFrom > 0)
      await trx
        .deleteFrom('history')
        .where('tenant', '=', row.tenant)
        .where('document', '=', row.document)
        .where('version', '<', unsaved.historyFrom)
        .execute();
  const steps = records.flatMap(({ unsaved }) => latestOfEach(unsaved.history));
  if (steps.length > 0)
    await trx
      .insertInto('history')
      .values(steps)
      .onConflict((conflict) =>
        conflict
          .columns(['tenant', 'document', 'version', 'state'])
          .doUpdateSet((row) => ({ at: row.ref('excluded.at') })),
      )
      .execute();
}

/** A state that a version was in twice keeps its last time. */
const latestOfEach = (steps: readonly HistoryRow[]): HistoryRow[] => [
  ...new Map(steps.map((step) => [`${step.version} ${step.state}`, step])).values(),
];

async function saveLetters(trx: Trx, records: Records): Promise<void> {
  const removed = records.flatMap(({ unsaved }) => [...unsaved.removedLetters, ...unsaved.letters]);
  if (removed.length > 0) await trx.deleteFrom('dead_letters').where('id', 'in', removed).execute();
  const added = records.flatMap(({ letters, unsaved }) =>
    [...unsaved.letters].flatMap((id) => letters.get(id) ?? []),
  );
  if (added.length > 0) await trx.insertInto('dead_letters').values(added).execute();
  for (const { row, unsaved } of records)
    if (unsaved.erasedUpTo !== undefined) await erasePushedLetters(trx, row, unsaved.erasedUpTo);
}

/** The receipt of the latest delete is kept as long as the document's id is known. */
async function saveReceipts(trx: Trx, records: Records): Promise<void> {
  for (const { row, unsaved } of records) {
    if (!unsaved.receipt) continue;
    const { version, receipt } = unsaved.receipt;
    const { tenant, document } = row;
    await forgetDocument(trx, row);
    const content = { version, receipt_json: JSON.stringify(receipt) };
    await trx
      .insertInto('receipts')
      .values({ tenant, document, ...content })
      .onConflict((conflict) => conflict.columns(['tenant', 'document']).doUpdateSet(content))
      .execute();
  }
}
