import { services } from '@millrace/contracts';
import type { HealthCheck, HealthState } from '@millrace/platform';
import type { Addresses } from './upstreams.ts';

const patienceMs = 1_500;

/** The gateway is ready when a replica of every service is. */
export class ServiceHealth {
  constructor(private readonly addresses: Addresses) {}

  checks(): HealthCheck[] {
    return services.map((service) => ({
      name: service,
      check: () => this.any(this.addresses[service]),
    }));
  }

  private async any(replicas: readonly string[]): Promise<HealthState> {
    const states = await Promise.all(replicas.map(isReady));
    const ready = states.filter(Boolean).length;
    return { ok: ready > 0, detail: { ready, replicas: replicas.length } };
  }
}

const isReady = (replica: string): Promise<boolean> =>
  fetch(new URL('/health/ready', replica), { signal: AbortSignal.timeout(patienceMs) }).then(
    ({ ok }) => ok,
    () => false,
  );
