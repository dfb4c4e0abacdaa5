import type { RedisOptions } from './redis-options.ts';
import type { RedisLink } from './redis-link.ts';

/** What a Redis must be like so that no work is lost in it. */
interface Finding {
  readonly message: string;
  /** False: it goes on, but is worth a warning. */
  readonly unhealthy: boolean;
}

/**
 * Looks at Redis and at the settings that decide whether it loses work. Under any eviction policy but `noeviction`
 * it would drop jobs silently when memory runs short: unhealthy. Without append-only file it forgets them when it
 * is restarted: a warning, for the reconciler brings them back.
 */
export class RedisHealth {
  private readonly told = new Set<string>();

  constructor(
    private readonly link: RedisLink,
    private readonly onWarning: Required<RedisOptions>['onWarning'],
  ) {}

  async healthy(): Promise<boolean> {
    try {
      const findings = judge(await this.link.run((redis) => redis.info()));
      for (const { message } of findings) this.tell(message);
      return findings.every(({ unhealthy }) => !unhealthy);
    } catch {
      return false;
    }
  }

  private tell(message: string): void {
    if (this.told.has(message)) return;
    this.told.add(message);
    this.onWarning(message);
  }
}

/** Reads the answer to INFO. */
export function judge(info: string): Finding[] {
  const fields = new Map(info.split(/\r?\n/).map((line) => line.split(':', 2) as [string, string]));
  const policy = fields.get('maxmemory_policy') ?? 'noeviction';
  const findings: Finding[] = [];
  if (policy !== 'noeviction')
    findings.push({
      message: `Redis has maxmemory-policy ${policy} and would drop work: set it to noeviction`,
      unhealthy: true,
    });
  if (fields.get('aof_enabled') === '0')
    findings.push({
      message:
        'Redis keeps no append-only file and forgets waiting work when it restarts: set appendonly yes',
      unhealthy: false,
    });
  return findings;
}
