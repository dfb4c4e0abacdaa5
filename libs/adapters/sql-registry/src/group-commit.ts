import { setTimeout as pause } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import type { Kysely } from 'kysely';
import { isConflict } from './dialects.ts';
import { Ledger, type Touches } from './ledger.ts';
import type { Schema } from './schema.ts';

/** Changes the ledger and nothing else: it is run again when the transaction it was part of failed. */
export type Operation<T> = (ledger: Ledger) => T;

interface Waiting {
  readonly touches: Touches;
  readonly operation: Operation<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

export interface GroupLimits {
  /** Changes in one transaction at most. */
  readonly maxTogether: number;
  readonly maxWaiting: number;
  /** So long a change without hurry waits for another to go along with. */
  readonly unhurriedMs: number;
}

/**
 * Carries out what arrives while the last commit is under way together, in the order of arrival: a sync to disk and
 * the statements around it cost nearly the same for one change as for sixty. When a shared transaction fails, each of
 * its operations is tried alone, so that one cannot fail the others; when the database is away, all that waits is refused
 * at once.
 */
export class GroupCommit {
  private readonly waiting: Waiting[] = [];
  private draining: Promise<void> | undefined;
  /** Something that waits is in a hurry. */
  private due = false;
  private departure: NodeJS.Timeout | undefined;

  constructor(
    private readonly db: Kysely<Schema>,
    private readonly limits: GroupLimits,
  ) {}

  /** Resolves when the change is durable. Nobody waits for one without hurry, so it goes along with the next that has. */
  run<T>(touches: Touches, operation: Operation<T>, { hurry = true } = {}): Promise<T> {
    if (this.waiting.length >= this.limits.maxWaiting)
      return Promise.reject(
        new MillraceError('queue_full', { retryAfter: 1, detail: 'the registry is behind' }),
      );
    return new Promise<unknown>((resolve, reject) => {
      this.waiting.push({ touches, operation, resolve, reject });
      if (hurry || this.waiting.length >= this.limits.maxTogether) this.depart();
      else this.departure ??= setTimeout(() => this.depart(), this.limits.unhurriedMs);
    }) as Promise<T>;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.draining || this.waiting.length > 0) {
      if (this.waiting.length > 0) this.depart();
      await this.draining;
    }
  }

  private depart(): void {
    this.due = true;
    this.draining ??= this.drain();
  }

  private async drain(): Promise<void> {
    // What is asked for in the same turn of the event loop belongs to the same group.
    await Promise.resolve();
    while (this.due) await this.commit(this.next());
    this.draining = undefined;
  }

  private next(): Waiting[] {
    const group = this.waiting.splice(0, this.limits.maxTogether);
    this.due = this.waiting.length > 0;
    this.stay();
    return group;
  }

  /** Nothing that waits has to leave by itself any more. */
  private stay(): void {
    clearTimeout(this.departure);
    this.departure = undefined;
  }

  private async commit(group: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.transact(group);
      group.forEach(({ resolve }, index) => resolve(results[index]));
    } catch (error) {
      if (isAway(error)) this.refuseAll(group, error);
      else if (group.length === 1) this.refuse(group, error);
      else for (const one of group) await this.commit([one]);
    }
  }

  /** Tries again when the transaction of another process crossed it. */
  private async transact(group: readonly Waiting[]): Promise<unknown[]> {
    for (let attempt = 1; ; attempt++)
      try {
        return await this.once(group);
      } catch (error) {
        if (!isConflict(error) || attempt === attempts) throw error;
        await pause(Math.random() * attempt * 20);
      }
  }

  private once(group: readonly Waiting[]): Promise<unknown[]> {
    return this.db.transaction().execute(async (trx) => {
      const ledger = await Ledger.load(
        trx,
        group.map(({ touches }) => touches),
      );
      const answers = group.map(({ operation }) => operation(ledger));
      await ledger.save(trx);
      return answers;
    });
  }

  private refuseAll(group: readonly Waiting[], error: unknown): void {
    this.due = false;
    this.stay();
    this.refuse([...group, ...this.waiting.splice(0)], error);
  }

  private refuse(group: readonly Waiting[], error: unknown): void {
    for (const { reject } of group) reject(error);
  }
}

const attempts = 5;

/** Then nothing that waits will fare better, and each try may cost the time of a time-out. */
const isAway = (error: unknown): boolean =>
  error instanceof MillraceError && error.code === 'dependency_unavailable';
