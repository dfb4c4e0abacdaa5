import type { Outbox, OutboxEvent, PendingEvent } from '@millrace/ports';
import type { Kysely } from 'kysely';
import { inTurn } from './dialects.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Schema } from './schema.ts';

/**
 * Events by the number that the database gave them. What another transaction has numbered but not yet committed is
 * found later, and relayed then: rows go, and no mark is kept that could be past them. Events of a document keep
 * their order, because its row is locked from before they are numbered until they can be seen.
 */
export class SqlOutbox implements Outbox {
  private relaying = false;

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

  async relay(limit: number, publish: (events: readonly PendingEvent[]) => Promise<void>): Promise<number> {
    if (this.relaying) return 0;
    this.relaying = true;
    try {
      return (await inTurn(this.db, () => this.move(limit, publish))) ?? 0;
    } finally {
      this.relaying = false;
    }
  }

  async add(events: readonly OutboxEvent[]): Promise<void> {
    await this.commits.run({}, (ledger) => void ledger.events.push(...events));
  }

  private async move(
    limit: number,
    publish: (events: readonly PendingEvent[]) => Promise<void>,
  ): Promise<number> {
    const events = await this.pending(limit);
    if (events.length === 0) return 0;
    await publish(events);
    await this.commits.run({}, (ledger) => void ledger.relayed.push(...events.map(({ id }) => id)));
    return events.length;
  }
}
