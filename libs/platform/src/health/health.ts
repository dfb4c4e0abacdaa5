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

  constructor(private readonly checks: readonly HealthCheck[]) {}

  started(): void {
    this.phase = 'running';
  }

  draining(): void {
    this.phase = 'draining';
  }

  async report(): Promise<HealthReport> {
    const entries = await Promise.all(
      this.checks.map(async (item) => [item.name, await settle(item)] as const),
    );
    const checks = Object.fromEntries(entries);
    return { status: this.status(Object.values(checks)), checks };
  }

  private status(states: readonly HealthState[]): HealthReport['status'] {
    if (this.phase !== 'running') return this.phase;
    return states.every(({ ok }) => ok) ? 'ready' : 'degraded';
  }
}

async function settle({ check }: HealthCheck): Promise<HealthState> {
  const late = new Promise<HealthState>((resolve) => {
    setTimeout(
      () => resolve({ ok: false, detail: { reason: `no answer in ${checkTimeoutMs} ms` } }),
      checkTimeoutMs,
    ).unref();
  });
  try {
    return await Promise.race([Promise.resolve(check()), late]);
  } catch (error) {
    return { ok: false, detail: { reason: error instanceof Error ? error.message : String(error) } };
  }
}
