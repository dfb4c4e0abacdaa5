import { setTimeout as pause } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import { countRefusal } from '@millrace/platform';

/** Pushes of one tenant that wait for their turn. */
const mostWaiting = 100;

interface Line {
  readonly last: Promise<void>;
  readonly waiting: number;
}

/** Lets those of one tenant through one by one, and holds up nobody else. */
export class IntakePace {
  private readonly lines = new Map<string, Line>();

  constructor(private readonly wait: (ms: number) => Promise<void> = (ms) => pause(ms)) {}

  /**
   * Resolves so long after the one before. Rejects with `rate_limited` when too many wait.
   * @param everyMs milliseconds between two
   */
  async turn(tenant: string, everyMs: number): Promise<void> {
    const { last, waiting } = this.lines.get(tenant) ?? { last: Promise.resolve(), waiting: 0 };
    if (waiting >= mostWaiting) throw tooMany((waiting * everyMs) / 1000);
    const own = last.then(() => this.wait(everyMs));
    this.lines.set(tenant, { last: own, waiting: waiting + 1 });
    await own;
    this.leave(tenant);
  }

  private leave(tenant: string): void {
    const { last, waiting } = this.lines.get(tenant)!;
    if (waiting === 1) this.lines.delete(tenant);
    else this.lines.set(tenant, { last, waiting: waiting - 1 });
  }
}

function tooMany(seconds: number): MillraceError {
  countRefusal('tenant_pace');
  const detail = `${mostWaiting} pushes of this tenant wait to be taken already`;
  return new MillraceError('rate_limited', { retryAfter: Math.ceil(seconds), detail });
}
