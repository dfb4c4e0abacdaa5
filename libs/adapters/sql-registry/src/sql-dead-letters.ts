import {
  outlinedKeyCharacters,
  type AlongWithReplay,
  type DeadLetterOutline,
  type DeadLetterQuery,
  type DeadLetterRecord,
  type DeadLetterRegistry,
  type LogPlace,
  type OutboxEvent,
} from '@millrace/ports';
import { sql, type Kysely } from 'kysely';
import { appendEntries } from './audit-chain.ts';
import type { LetterRow } from './document-record.ts';
import { placeOfRecord } from './failed-records.ts';
import type { GroupCommit } from './group-commit.ts';
import { loadRecords } from './load-records.ts';
import { dropPushedLetter, isErased, keepPushedLetter, rememberDropped } from './pushed-letters.ts';
import { saveEvents, saveRecords } from './save-records.ts';
import type { Schema } from './schema.ts';
import { giveUp, replay, toLetterRow } from './transitions.ts';

export class SqlDeadLetters implements DeadLetterRegistry {
  constructor(
    private readonly db: Kysely<Schema>,
    private readonly commits: GroupCommit,
  ) {}

  async record(letter: DeadLetterRecord, place?: LogPlace): Promise<boolean> {
    const { subject } = letter;
    if (!subject) return this.keepPushed(letter, place);
    return this.commits.run({ document: subject }, (ledger) => {
      const record = ledger.record(subject);
      return record !== undefined && giveUp(record, subject, letter);
    });
  }

  async page({ tenant, code, since, until, cursor, limit }: DeadLetterQuery): Promise<DeadLetterOutline[]> {
    let query = this.db
      .selectFrom('dead_letters')
      .select(outline)
      .orderBy('at', 'desc')
      .orderBy('id')
      .limit(limit);
    if (tenant !== undefined) query = query.where('tenant', '=', tenant);
    if (code !== undefined) query = query.where('code', '=', code);
    if (since !== undefined) query = query.where('at', '>=', since);
    if (until !== undefined) query = query.where('at', '<', until);
    if (cursor !== undefined)
      query = query
        .where('at', '<=', cursor.at)
        .where((is) => is.or([is('at', '<', cursor.at), is('id', '>', cursor.id)]));
    const outlines: DeadLetterOutline[] = [];
    for (const row of await query.execute()) outlines.push(await this.outlineOf(row));
    return outlines;
  }

  async find(id: string): Promise<DeadLetterRecord | undefined> {
    const row = await this.db.selectFrom('dead_letters').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toLetter(row);
  }

  async replay(
    asked: Pick<DeadLetterRecord, 'id' | 'at'>,
    at: number,
    along: AlongWithReplay,
  ): Promise<boolean> {
    const letter = await this.find(asked.id);
    if (!letter) return false;
    const { subject } = letter;
    if (!subject) return this.send(asked, at, letter.replay, along);
    return this.commits.run({ document: subject }, (ledger) => {
      const record = ledger.record(subject);
      const isSent = record !== undefined && replay(record, asked, at, along.correction);
      if (isSent) ledger.audited.push(along.audit);
      return isSent;
    });
  }

  /** One of an earlier version of Millrace has to be read whole. */
  private async outlineOf({ key, key_bytes, message_bytes, ...row }: OutlineRow): Promise<DeadLetterOutline> {
    if (key !== null && key_bytes !== null && message_bytes !== null)
      return { ...toHead(row), key, keyBytes: key_bytes, messageBytes: message_bytes };
    const replay = (await this.find(row.id))?.replay ?? { key: '', value: '' };
    const [keyBytes, messageBytes] = [Buffer.byteLength(replay.key), Buffer.byteLength(replay.value)];
    return { ...toHead(row), key: replay.key.slice(0, outlinedKeyCharacters), keyBytes, messageBytes };
  }

  private keepPushed(letter: DeadLetterRecord, place: LogPlace | undefined): Promise<boolean> {
    const { tenant, document, origin } = letter;
    const row = { ...toLetterRow(letter), place: place ? placeOfRecord(origin, place) : null };
    return this.db.transaction().execute(async (trx) => {
      if (document === undefined) return keepPushedLetter(trx, row);
      // Held, so that no delete goes by meanwhile.
      const held = await loadRecords(trx, [{ tenant, document, create: true }]);
      const erased = await isErased(trx, { tenant, document }, letter.saidAt);
      if (erased) await rememberDropped(trx, row, letter.at);
      const kept = !erased && (await keepPushedLetter(trx, row));
      await saveRecords(trx, [...held.values()]);
      return kept;
    });
  }

  private send(
    letter: Pick<DeadLetterRecord, 'id' | 'at'>,
    at: number,
    message: OutboxEvent,
    along: AlongWithReplay,
  ): Promise<boolean> {
    return this.db.transaction().execute(async (trx) => {
      if (!(await dropPushedLetter(trx, letter, at))) return false;
      await saveEvents(trx, [along.correction ?? message]);
      await appendEntries(trx, [along.audit]);
      return true;
    });
  }
}

const head = [
  ...(['id', 'tenant', 'origin', 'document', 'version'] as const),
  ...(['code', 'message', 'attempts', 'at', 'said_at', 'omitted_bytes'] as const),
] as const;
const outline = [
  ...head,
  sql<string | null>`substr(${sql.ref('key')}, 1, ${sql.lit(outlinedKeyCharacters)})`.as('key'),
  sql<number | null>`octet_length(${sql.ref('key')})`.as('key_bytes'),
  'message_bytes',
] as const;

const toHead = ({ document, version, code, message, omitted_bytes: omitted, ...row }: HeadRow) => ({
  ...{ id: row.id, tenant: row.tenant, origin: row.origin, attempts: row.attempts, at: row.at },
  saidAt: row.said_at ?? row.at,
  reason: { code, message },
  ...(omitted !== null && { omittedBytes: omitted }),
  ...(document !== null &&
    (version === null ? { document } : { subject: { tenant: row.tenant, document, version } })),
});
type HeadRow = Pick<LetterRow, (typeof head)[number]>;
type OutlineRow = HeadRow & Pick<LetterRow, 'key' | 'message_bytes'> & { readonly key_bytes: number | null };

const toLetter = (row: LetterRow): DeadLetterRecord => ({
  ...toHead(row),
  replay: JSON.parse(row.replay_json) as OutboxEvent,
});
