import type { RouteSpec } from '@millrace/contracts';
import { pino } from 'pino';
import { z } from 'zod';
import type { Authenticator } from '../../auth/authenticator.ts';
import { Refusals, type Refusal } from '../../auth/refusals.ts';
import { createHttpServer } from '../http-server.ts';
import { bindRoute, type RouteHandler } from '../route-binder.ts';
import { TenantShares } from '../tenant-shares.ts';

const spec: RouteSpec = {
  service: 'control',
  method: 'POST',
  path: '/v1/things/:id',
  summary: 'For tests.',
  right: 'write',
  params: z.object({ id: z.string().max(5) }),
  query: z.object({ n: z.coerce.number().default(1) }),
  body: z.strictObject({ name: z.string() }),
  status: 201,
  response: z.object({ ok: z.boolean() }),
};

/** A server with one route, `POST /v1/things/:id`, whose caller has these rights; `send` asks it, `refused` has whom it told of. */
export async function serve(
  handle: RouteHandler,
  rights = ['write'],
  settings = {},
  more: Partial<Record<keyof RouteSpec, unknown>> = {},
  logger = pino({ level: 'silent' }),
  cutOff = new AbortController(),
) {
  const limits = { maxBodyMb: 1, maxInflight: 4, maxUploads: 1, minBodyRate: 8, ...settings };
  const server = await createHttpServer({ settings: limits, open: false, logger });
  const principal = { tenant: 't', name: 'user:u', groups: [], rights };
  const authenticator = { identify: async () => principal } as unknown as Authenticator;
  const refused: Refusal[] = [];
  const refusals = new Refusals();
  refusals.listen((refusal) => refused.push(refusal));
  const shares = new TenantShares(limits, false);
  bindRoute(server, { ...spec, ...more } as RouteSpec, handle, {
    authenticator,
    shares,
    refusals,
    checkResponses: true,
    cutOff: cutOff.signal,
  });
  const send = (payload: unknown = { name: 'x' }, url = '/v1/things/a') =>
    server.inject({ method: 'POST', url, payload: payload as object });
  return { server, send, refused };
}
