import { setTimeout as pause } from 'node:timers/promises';

const everyMs = 40;

/** Lets those of one tenant through one by one, 25 a second, and holds up nobody else. */
export class IntakePace {
  private readonly last = new Map<string, Promise<void>>();

  constructor(private readonly wait: (ms: number) => Promise<void> = (ms) => pause(ms)) {}

  async turn(tenant: string): Promise<void> {
    const before = this.last.get(tenant) ?? Promise.resolve();
    const own = before.then(() => this.wait(everyMs));
    this.last.set(tenant, own);
    await own;
    if (this.last.get(tenant) === own) this.last.delete(tenant);
  }
}
