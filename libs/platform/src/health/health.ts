import { errors, MillraceError } from '@millrace/contracts';

/** One thing that readiness depends on. */
export interface HealthCheck {
  readonly name: string;
  readonly check: () => Promise<HealthState> | HealthState;
}

export interface HealthState {
  readonly ok: boolean;
  /** Figures worth showing: the execution provider, queue lengths. */
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}

export interface HealthReport {
  readonly status: 'ready' | 'starting' | 'draining' | 'degraded';
  readonly checks: Readonly<Record<string, HealthState>>;
}

const checkTimeoutMs = 2_000;

/** Whether this process may get traffic, and why not. */
export class Health {
  private phase: 'starting' | 'running' | 'draining' = 'starting';
  /** Checks whose failure was told. */
  private readonly failing = new Set<string>();

  /** @param tell what a check threw, once until it passes again; it may name hosts and logins, so reports do not hold it */
  constructor(
    private readonly checks: readonly HealthCheck[],
    private readonly tell: (name: string, error: unknown) => void,
  ) {}

  started(): void {
    this.phase = 'running';
  }

  draining(): void {
    this.phase = 'draining';
  }

  /** The process is to end: who holds a request open for something to happen answers with what there is. */
  get isDraining(): boolean {
    return this.phase === 'draining';
  }

  async report(): Promise<HealthReport> {
    const entries = await Promise.all(
      this.checks.map(async (item) => [item.name, await this.settle(item)] as const),
    );
    const checks = Object.fromEntries(entries);
    return { status: this.status(Object.values(checks)), checks };
  }

  private status(states: readonly HealthState[]): HealthReport['status'] {
    if (this.phase !== 'running') return this.phase;
    return states.every(({ ok }) => ok) ? 'ready' : 'degraded';
  }

  private async settle({ name, check }: HealthCheck): Promise<HealthState> {
    try {
      const state = await Promise.race([Promise.resolve(check()), late()]);
      if (state.ok) this.failing.delete(name);
      return state;
    } catch (error) {
      if (!this.failing.has(name)) this.tell(name, error);
      this.failing.add(name);
      return { ok: false, detail: reasonOf(error) };
    }
  }
}

const late = (): Promise<HealthState> =>
  new Promise((resolve) => {
    const detail = { reason: `no answer in ${checkTimeoutMs} ms` };
    setTimeout(() => resolve({ ok: false, detail }), checkTimeoutMs).unref();
  });

/** The code and sentence of the table of errors. */
function reasonOf(error: unknown): { code: string; reason: string } {
  const { code } = MillraceError.from(error);
  const known = code === 'internal' ? 'dependency_unavailable' : code;
  return { code: known, reason: errors[known].message };
}
