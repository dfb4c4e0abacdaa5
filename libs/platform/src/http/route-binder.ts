import { MillraceError, type ErrorCode, type Principal, type RouteSpec } from '@millrace/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Authenticator } from '../auth/authenticator.ts';
import type { Refusals } from '../auth/refusals.ts';
import { observe } from '../telemetry/observe.ts';
import { binaryEvent, isBinaryEvent } from './binary-event.ts';
import { readForm } from './body-parsers.ts';
import { endSignal } from './end-signal.ts';
import { writeEventStream } from './event-stream.ts';
import { toMillraceError } from './error-answer.ts';
import { EventStreamReply, Reply } from './reply.ts';
import { hasBody } from './slow-bodies.ts';
import type { RouteRequest } from './route-request.ts';
import type { TenantShares } from './tenant-shares.ts';

export type RouteHandler = (request: RouteRequest<RouteSpec>) => Promise<unknown>;

export interface RouteBinderOptions {
  readonly authenticator: Authenticator;
  readonly shares: TenantShares;
  readonly refusals: Refusals;
  /** Check every JSON answer against the table: for tests. */
  readonly checkResponses: boolean;
  /** Aborts when this process stops and waits no longer for answers. */
  readonly cutOff: AbortSignal;
}

/** What routes take that no file can be sent to: several times what the largest valid request needs. */
const maxJsonBytes = 16 * 1_048_576;

/** Serves a route of the table: who asks, may they, is it valid, then the handler, then its answer. */
export function bindRoute(
  server: FastifyInstance,
  spec: RouteSpec,
  handle: RouteHandler,
  { authenticator, shares, refusals, checkResponses, cutOff }: RouteBinderOptions,
): void {
  const name = `${spec.method} ${spec.path}`;
  // A misspelt parameter that is ignored is one that silently does nothing.
  const strict = { ...spec, query: (spec.query ?? z.object({})).strict() };
  server.route({
    method: spec.method,
    url: spec.path,
    ...(!spec.form && { bodyLimit: Math.min(maxJsonBytes, server.initialConfig.bodyLimit ?? maxJsonBytes) }),
    // Before the body is read: a stranger must not make us hold megabytes.
    onRequest: async (request, reply) => {
      const principal = await authenticator.identify(request.headers.authorization);
      if (!principal.rights.includes(spec.right)) {
        refusals.tell({ route: spec, principal });
        throw new MillraceError('forbidden', {
          detail: `${name} needs ${spec.right}, the key has ${principal.rights.join(', ')}`,
        });
      }
      shares.take(principal.tenant, request, reply);
      principals.set(request, principal);
      refuseEncoded(request);
      // Some clients name a type in every request: where there is nothing, nothing is to be read.
      if (!spec.body && !spec.form && !hasBody(request)) delete request.raw.headers['content-type'];
    },
    handler: (request, reply) => {
      const signal = callerSignal(request, reply, cutOff);
      const attributes = { 'http.request.method': spec.method, 'http.route': spec.path };
      return observe({ kind: 'route', name, headers: request.headers, attributes }, async () => {
        const answer = await handle(await toRouteRequest(strict, request, reply, signal)).catch(
          // Who was cut off did not go away.
          (error: unknown) => {
            if (isForbidden(error)) refusals.tell({ route: spec, principal: principals.get(request)! });
            return Promise.reject((cutOff.aborted ? cutOff.reason : error) as Error);
          },
        );
        return send(spec, answer, request, reply, { checkResponses, signal });
      });
    },
  });
}

const isForbidden = (error: unknown): boolean => error instanceof MillraceError && error.code === 'forbidden';

/** A body that is packed would be read as noise; one that only says so is a mistake as well. */
function refuseEncoded(request: FastifyRequest): void {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (!hasBody(request) || encoding === '' || encoding.toLowerCase() === 'identity') return;
  throw new MillraceError('unsupported_media_type', {
    detail: `Content-Encoding ${encoding.slice(0, 40)}: send the body as it is`,
  });
}

const principals = new WeakMap<FastifyRequest, Principal>();
const arrivals = new WeakMap<FastifyRequest, number>();

export const noteArrival = (request: FastifyRequest): void => void arrivals.set(request, Date.now());

function callerSignal(request: FastifyRequest, reply: FastifyReply, cutOff: AbortSignal): AbortSignal {
  const controller = endSignal(reply.raw, cutOff);
  if (request.raw.destroyed && !request.raw.complete) controller.abort(new MillraceError('cancelled'));
  return controller.signal;
}

async function toRouteRequest(
  spec: RouteSpec,
  request: FastifyRequest,
  reply: FastifyReply,
  signal: AbortSignal,
): Promise<RouteRequest<RouteSpec>> {
  const content = await readContent(spec, request);
  return {
    params: spec.params && check(spec.params, request.params, { where: 'path' }),
    query: spec.query && check(spec.query, saidOnce(request.query as Query), { where: 'query' }),
    ...content,
    principal: principals.get(request)!,
    headers: spec.headers ? check(spec.headers, request.headers, { where: 'header' }) : request.headers,
    requestId: request.id,
    setHeader: (name, value) => void reply.header(name, value),
    signal,
    receivedAt: arrivals.get(request) ?? Date.now(),
  } as RouteRequest<RouteSpec>;
}

type Query = Readonly<Record<string, string | readonly string[]>>;

/** Of a parameter that comes twice, one would be ignored. */
function saidOnce(query: Query): Query {
  const twice = Object.keys(query).find((name) => Array.isArray(query[name]));
  if (twice === undefined) return query;
  throw new MillraceError('invalid_request', {
    param: `query.${twice}`.slice(0, longest),
    detail: 'it is given more than once',
  });
}

async function readContent(spec: RouteSpec, request: FastifyRequest) {
  if (!spec.body && !spec.form) return {};
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (spec.form && type === 'multipart/form-data') {
    const { fields, file } = await readForm(request);
    if (!file)
      throw new MillraceError('invalid_request', {
        param: 'file',
        detail: 'the form has no part named file',
      });
    return { form: { fields: check(spec.form.fields, fields), file } };
  }
  if (!spec.form && type === 'multipart/form-data')
    throw new MillraceError('unsupported_media_type', { detail: 'this route takes no form: send JSON' });
  if (spec.form?.alone)
    throw new MillraceError('unsupported_media_type', { detail: 'send multipart/form-data' });
  if (spec.cloudEvent && type === 'application/cloudevents+json')
    return { cloudEvent: checkEvent(spec.cloudEvent, request.body) };
  if (spec.cloudEvent && isBinaryEvent(request.headers))
    return { cloudEvent: checkEvent(spec.cloudEvent, binaryEvent(request.headers, request.body)) };
  if (!spec.body) throw new MillraceError('unsupported_media_type');
  if (request.body === undefined) throw new MillraceError('invalid_json', { detail: 'the body is empty' });
  return { body: check(spec.body, request.body) };
}

const checkEvent = (schema: z.ZodType, event: unknown) => check(schema, event, { code: 'invalid_event' });

function check(
  schema: z.ZodType,
  value: unknown,
  { where, code = 'invalid_request' }: { readonly where?: string; readonly code?: ErrorCode } = {},
): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = deepest(parsed.error.issues);
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...(issue?.path ?? []), ...unknown].join('.').slice(0, longest);
  const param = [where, path].filter(Boolean).join('.') || undefined;
  if (code === 'invalid_request' && path === 'id') throw new MillraceError('invalid_id', { param });
  throw new MillraceError(code, { param, detail: issue?.message.slice(0, longest) });
}

/** Names of fields are the caller's, of any length. */
const longest = 300;

/** Of a failed union, the issue of the branch that got furthest says most. */
function deepest(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue | undefined {
  const flat = issues.flatMap((issue) => (issue.code === 'invalid_union' ? likeliest(issue) : [issue]));
  return flat.sort((a, b) => b.path.length - a.path.length)[0] ?? issues[0];
}

/** What fits a branch but for its size or another bound was meant for it. */
function likeliest({ errors, path }: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] {
  const meant = errors.filter((branch) => branch.every(({ code }) => bounds.has(code)));
  return (meant.length > 0 ? meant : errors)
    .flat()
    .map((inner) => ({ ...inner, path: [...path, ...inner.path] }));
}

const bounds = new Set(['too_big', 'too_small', 'invalid_format', 'custom']);

async function send(
  spec: RouteSpec,
  answer: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { checkResponses, signal }: { readonly checkResponses: boolean; readonly signal: AbortSignal },
): Promise<FastifyReply> {
  if (answer instanceof EventStreamReply) {
    const headers = () => reply.getHeaders() as Record<string, string>;
    await writeEventStream(reply.raw, answer, { headers, requestId: request.id, signal });
    return reply.hijack();
  }
  const { body, options } = answer instanceof Reply ? answer : new Reply(answer);
  reply.code(options.status ?? spec.status).headers(options.headers ?? {});
  if (options.mediaType) return reply.type(options.mediaType).send(body);
  if (checkResponses && body !== undefined) spec.response.parse(body);
  return body === undefined || body === null ? reply.send() : reply.send(body);
}

export { toMillraceError };
