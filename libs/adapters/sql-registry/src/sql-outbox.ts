import type { Outbox, OutboxEvent, PendingEvent } from '@millrace/ports';
import type { Kysely } from 'kysely';
import type { GroupCommit } from './group-commit.ts';
import type { Schema } from './schema.ts';

export class SqlOutbox implements Outbox {
  constructor(
    private readonly db: Kysely<Schema>,
    private readonly commits: GroupCommit,
  ) {}

  async pending(limit: number): Promise<PendingEvent[]> {
    const rows = await this.db.selectFrom('outbox').selectAll().orderBy('id').limit(limit).execute();
    return rows.map(({ headers_json, ...event }) => ({
      ...event,
      headers: JSON.parse(headers_json) as Record<string, string>,
    }));
  }

  async relayed(ids: readonly number[]): Promise<void> {
    await this.commits.run({}, (ledger) => void ledger.relayed.push(...ids));
  }

  async add(events: readonly OutboxEvent[]): Promise<void> {
    await this.commits.run({}, (ledger) => void ledger.events.push(...events));
  }
}
