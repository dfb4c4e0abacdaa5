import type {
  AlongWithReplay,
  DeadLetterOutline,
  DeadLetterQuery,
  DeadLetterRecord,
  DeadLetterRegistry,
  OutboxEvent,
} from '@millrace/ports';
import type { Kysely } from 'kysely';
import { appendEntries } from './audit-chain.ts';
import type { LetterRow } from './document-record.ts';
import type { GroupCommit } from './group-commit.ts';
import { saveEvents } from './save-records.ts';
import type { Schema } from './schema.ts';
import { giveUp, replay, toLetterRow } from './transitions.ts';

export class SqlDeadLetters implements DeadLetterRegistry {
  constructor(
    private readonly db: Kysely<Schema>,
    private readonly commits: GroupCommit,
  ) {}

  async record(letter: DeadLetterRecord): Promise<boolean> {
    const { subject } = letter;
    if (!subject) return this.keep(letter);
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
    return Promise.all((await query.execute()).map((row) => this.outlineOf(row)));
  }

  async find(id: string): Promise<DeadLetterRecord | undefined> {
    const row = await this.db.selectFrom('dead_letters').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toLetter(row);
  }

  async replay(id: string, at: number, along: AlongWithReplay): Promise<boolean> {
    const letter = await this.find(id);
    if (!letter) return false;
    const { subject } = letter;
    if (!subject) return this.send(id, letter.replay, along);
    return this.commits.run({ document: subject }, (ledger) => {
      const record = ledger.record(subject);
      const isSent = record !== undefined && replay(record, id, at, along.correction);
      if (isSent) ledger.audited.push(along.audit);
      return isSent;
    });
  }

  async erase(tenant: string, document: string, before: number): Promise<number> {
    const { numDeletedRows } = await this.db
      .deleteFrom('dead_letters')
      .where('tenant', '=', tenant)
      .where('document', '=', document)
      .where('version', 'is', null)
      .where('at', '<=', before)
      .executeTakeFirst();
    return Number(numDeletedRows);
  }

  /** One of an earlier version of Millrace has to be read whole. */
  private async outlineOf({ key, message_bytes: bytes, ...row }: OutlineRow): Promise<DeadLetterOutline> {
    if (key !== null && bytes !== null) return { ...toHead(row), key, messageBytes: bytes };
    const replay = (await this.find(row.id))?.replay ?? { key: '', value: '' };
    return { ...toHead(row), key: replay.key, messageBytes: Buffer.byteLength(replay.value) };
  }

  /** A letter that is about no version. */
  private async keep(letter: DeadLetterRecord): Promise<boolean> {
    const row = toLetterRow(letter);
    await this.db
      .insertInto('dead_letters')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
    return true;
  }

  private send(id: string, message: OutboxEvent, along: AlongWithReplay): Promise<boolean> {
    return this.db.transaction().execute(async (trx) => {
      const deleted = await trx.deleteFrom('dead_letters').where('id', '=', id).returning('id').execute();
      if (deleted.length === 0) return false;
      await saveEvents(trx, [along.correction ?? message]);
      await appendEntries(trx, [along.audit]);
      return true;
    });
  }
}

const head = [
  ...(['id', 'tenant', 'origin', 'document', 'version'] as const),
  ...(['code', 'message', 'attempts', 'at', 'omitted_bytes'] as const),
] as const;
const outline = [...head, 'key', 'message_bytes'] as const;

const toHead = ({ document, version, code, message, omitted_bytes: omitted, ...row }: HeadRow) => ({
  ...{ id: row.id, tenant: row.tenant, origin: row.origin, attempts: row.attempts, at: row.at },
  reason: { code, message },
  ...(omitted !== null && { omittedBytes: omitted }),
  ...(document !== null &&
    (version === null ? { document } : { subject: { tenant: row.tenant, document, version } })),
});
type HeadRow = Pick<LetterRow, (typeof head)[number]>;
type OutlineRow = Pick<LetterRow, (typeof outline)[number]>;

const toLetter = (row: LetterRow): DeadLetterRecord => ({
  ...toHead(row),
  replay: JSON.parse(row.replay_json) as OutboxEvent,
});
