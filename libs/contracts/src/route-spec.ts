import { z } from 'zod';
import type { AuditAction } from './audit-actions.ts';
import type { rights } from './calls.ts';

export const services = [
  'ingestion',
  'embedding',
  'indexing',
  'retrieval',
  'generation',
  'moderation',
  'transcription',
  'control',
] as const;
export type ServiceName = (typeof services)[number];

/**
 * Every HTTP route, declared once. Validation, authorisation, `/openapi.json`, `docs/reference/routes.md` and the
 * check that each has exactly one handler come from this table.
 */
export interface RouteSpec {
  readonly service: ServiceName;
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Fastify syntax; a parameter matches up to the next `/`, percent-encoded ones included. */
  readonly path: string;
  readonly summary: string;
  /** What the key must be allowed to do. */
  readonly right: (typeof rights)[number];
  /** What the audit trail says of it, the usual first; nothing where it changes nothing that has to be accounted for. */
  readonly audits?: readonly [AuditAction, ...AuditAction[]];
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** Request headers with a meaning of their own, in lower case. */
  readonly headers?: z.ZodObject;
  /** The JSON body. */
  readonly body?: z.ZodType;
  /** The fields of a multipart form with one part `file`; `alone`: the route takes no JSON. */
  readonly form?: { readonly fields: z.ZodObject; readonly alone?: boolean };
  /** The CloudEvents JSON body (`application/cloudevents+json`); or the same with attributes as `ce-` headers and `data` as the body. */
  readonly cloudEvent?: z.ZodType;
  readonly status: number;
  readonly response: z.ZodType;
  /** The schema of one `data:` frame, where the answer may be a stream of server-sent events. */
  readonly frame?: z.ZodType;
  /** Media types of answers that are not JSON. */
  readonly plain?: readonly string[];
}

export const route = <const R extends RouteSpec>(spec: R): R => spec;

/** Query parameters of a list that comes in pages. */
export const page = {
  /** The longest id, 256 letters of three bytes, as base64. */
  cursor: z.string().max(1024).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
};
