import { calls, jobs, routes, type ServiceName } from '@millrace/contracts';
import type { FoundHandler } from '../messaging/find-handlers.ts';
import { identity } from '../messaging/find-handlers.ts';

/** The boot refuses when a route, call or job that these services own has no handler. */
export function refuseMissing(found: readonly FoundHandler[], services: readonly ServiceName[]): void {
  const present = new Set(found.map(({ binding }) => identity(binding)));
  const missing = expected(services).filter((key) => !present.has(key));
  if (missing.length > 0) throw new Error(`no handler for: ${missing.join('; ')}`);
}

function expected(services: readonly ServiceName[]): string[] {
  const owns = (service: string) => (services as readonly string[]).includes(service);
  return [
    ...Object.values(routes)
      .filter((spec) => owns(spec.service))
      .map((spec) => identity({ kind: 'route', spec })),
    ...Object.values(calls)
      .filter((spec) => owns(spec.name.split('.')[0] ?? ''))
      .map((spec) => identity({ kind: 'call', spec })),
    ...Object.values(jobs)
      .filter((spec) => owns(spec.service))
      .map((spec) => identity({ kind: 'job', spec })),
  ];
}
