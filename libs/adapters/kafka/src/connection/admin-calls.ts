import type { Admin, Kafka } from 'kafkajs';
import { MillraceError } from '@millrace/contracts';
import { asMillraceError } from './kafka-error.ts';
import { settled, within } from './within.ts';

const closeMs = 2_000;

/**
 * Questions to the cluster over a connection that is made when first needed. One that failed is never used again: a
 * client of kafkajs keeps asking for a topic that is gone, and for brokers that have moved.
 */
export class AdminCalls {
  private admin: Promise<Admin> | undefined;
  private closed = false;

  constructor(private readonly kafka: Kafka) {}

  /**
   * Errors are ours; `dependency_unavailable` at the latest after `withinMs`, `shutting_down` for what `close` cut short.
   * What is asked must bear being repeated.
   */
  async run<T>(call: (admin: Admin) => Promise<T>, withinMs: number): Promise<T> {
    let late = true;
    const outcome = this.attempt(call).finally(() => (late = false));
    try {
      return await within(withinMs, outcome);
    } catch (error) {
      if (late) this.forget(this.admin);
      throw this.closed ? new MillraceError('shutting_down') : asMillraceError(error);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await settled(closeMs, this.drop(this.admin));
  }

  /** A connection that has been used before may have died since, so its failure does not count. */
  private async attempt<T>(call: (admin: Admin) => Promise<T>): Promise<T> {
    const known = this.admin;
    if (!known) return this.once(call);
    return this.once(call).catch(() => this.once(call));
  }

  private async once<T>(call: (admin: Admin) => Promise<T>): Promise<T> {
    if (this.closed) throw new MillraceError('shutting_down');
    const admin = (this.admin ??= this.connect());
    try {
      return await call(await admin);
    } catch (error) {
      this.forget(admin);
      throw error;
    }
  }

  private async connect(): Promise<Admin> {
    const admin = this.kafka.admin();
    await admin.connect();
    return admin;
  }

  private forget(admin: Promise<Admin> | undefined): void {
    if (this.admin === admin) this.admin = undefined;
    void this.drop(admin);
  }

  private drop = async (admin: Promise<Admin> | undefined): Promise<void> => {
    try {
      await (await admin)?.disconnect();
    } catch {
      // It was not connected.
    }
  };
}
