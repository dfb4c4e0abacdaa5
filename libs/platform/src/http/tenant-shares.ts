import { MillraceError } from '@millrace/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { httpSettings } from '../config/server-settings.ts';
import type { SettingsOf } from '../config/settings.ts';
import { countRefusal } from '../telemetry/metrics.ts';
import { SharedPlaces } from './shared-places.ts';

const largeBytes = 1_048_576;

/** As the headers say; what does not say counts as large. */
export const isLarge = (headers: FastifyRequest['headers']): boolean =>
  !(Number(headers['content-length'] ?? 0) <= largeBytes) || 'transfer-encoding' in headers;

/** Holds a tenant to its half of what is bounded at the door, whatever number of keys it has. */
export class TenantShares {
  private readonly requests: SharedPlaces;
  private readonly uploads: SharedPlaces;

  constructor({ maxInflight, maxUploads }: SettingsOf<typeof httpSettings>, open: boolean) {
    this.requests = new SharedPlaces(maxInflight, open);
    this.uploads = new SharedPlaces(maxUploads, open);
  }

  /** Until the answer is written. */
  take(tenant: string, { headers }: FastifyRequest, reply: FastifyReply): void {
    const request = this.requests.take(tenant);
    if (!request) throw refuse('tenant_inflight');
    reply.raw.once('close', request);
    const upload = isLarge(headers) ? this.uploads.take(tenant) : () => undefined;
    if (!upload) throw refuse('tenant_uploads');
    reply.raw.once('close', upload);
  }
}

/** `queue_full`, counted by the bound. */
export function refuse(bound: string): MillraceError {
  countRefusal(bound);
  return new MillraceError('queue_full', { retryAfter: 1, detail: bound });
}
