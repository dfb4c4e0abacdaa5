import { setTimeout as pause } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import { PostgresAdapter, sql, type Kysely } from 'kysely';

/** Any number that nothing else in the database locks: "millrace" in base 36, cut to 31 bits. */
const migrationLock = 1_162_690_894;
const lookMs = 100;
const longestMs = 10 * 60_000;

/**
 * Asks again and again for the lock of the migrations instead of waiting inside one statement, which the limit on
 * statements would end while another process migrates.
 */
export class PollingPostgresAdapter extends PostgresAdapter {
  override async acquireMigrationLock(db: Kysely<unknown>): Promise<void> {
    for (const deadline = Date.now() + longestMs; !(await tryLock(db)); await pause(lookMs))
      if (Date.now() > deadline)
        throw new MillraceError('dependency_unavailable', { detail: 'another process still migrates' });
  }

  override async releaseMigrationLock(db: Kysely<unknown>): Promise<void> {
    await sql`select pg_advisory_unlock(${sql.lit(migrationLock)})`.execute(db);
  }
}

async function tryLock(db: Kysely<unknown>): Promise<boolean> {
  const { rows } = await sql<{
    locked: boolean;
  }>`select pg_try_advisory_lock(${sql.lit(migrationLock)}) as locked`.execute(db);
  return rows[0]?.locked === true;
}
