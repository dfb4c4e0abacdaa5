import { z } from 'zod';
import { auditActions } from './audit-actions.ts';
import type { Principal } from './calls.ts';
import { tenantName } from './documents.ts';
import { page } from './route-spec.ts';

/** Who did it: a principal and its key, or a part of Millrace, which has no tenant. Never a secret. */
export const auditActor = z.object({
  tenant: tenantName.optional(),
  name: z.string(),
  /** The id of the key; none of the admin key and of the owner of the machine. */
  key: z.string().optional(),
});
export type AuditActor = z.infer<typeof auditActor>;

export const actorOf = ({ tenant, name, key }: Principal): AuditActor => ({
  ...{ tenant, name },
  ...(key !== undefined && { key }),
});

/** Numbers are whole: every language writes those alike. */
const auditValue = z.union([
  z.string(),
  z.int(),
  z.boolean(),
  z.array(z.union([z.string(), z.record(z.string(), z.string())])),
]);
export type AuditDetails = Readonly<Record<string, z.infer<typeof auditValue>>>;

const sha256 = z.string().regex(/^[\da-f]{64}$/, 'must be SHA-256 in hex');

/** Of the chain that has no entry yet: what its first entry names as the one before. */
export const chainStart = '0'.repeat(64);

/**
 * One entry of a tenant's chain. `hash` is SHA-256, in hex, over the UTF-8 of the entry without `hash` as RFC 8785 writes it.
 * Actions, outcomes and fields may be added: whoever verifies hashes what is there.
 */
export const auditEntry = z.looseObject({
  /** Whose chain it is in. */
  tenant: tenantName,
  /** 1 is the first; none is left out. */
  sequence: z.int().positive(),
  at: z.iso.datetime(),
  actor: auditActor,
  action: z.string(),
  /** What it is about: `key:<id>`, `tenant:<name>`. */
  object: z.string(),
  outcome: z.string(),
  details: z.record(z.string(), auditValue),
  /** The hash of the entry before; 64 zeros in the first. */
  previous: sha256,
  hash: sha256,
});
export type AuditEntry = z.infer<typeof auditEntry>;

/** RFC 3339 with an offset. */
const moment = z.iso.datetime({ offset: true });

export const auditQuery = z
  .object({
    ...page,
    /** Default: the caller's. */
    tenant: tenantName.optional(),
    action: z.enum(auditActions).optional(),
    /** Only entries of this time or later. */
    from: moment.optional(),
    /** Only entries before this time. */
    to: moment.optional(),
    /** `asc`: as they were written. Default: the newest first. */
    order: z.enum(['asc', 'desc']).default('desc'),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    path: ['from'],
    error: 'must be before to',
  });

export const auditPage = z.object({
  tenant: tenantName,
  data: z.array(auditEntry),
  next_cursor: z.string().optional(),
});

/** The last entry of a chain: whoever keeps its hash elsewhere can tell later whether the chain still leads there. */
export const auditHead = z.object({ tenant: tenantName, sequence: z.int().positive(), hash: sha256 });
export type AuditHead = z.infer<typeof auditHead>;

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** RFC 8785: no spaces, members by their names in the order of UTF-16 units, strings and numbers as ECMAScript writes them. */
export function canonicalJson(value: Json): string {
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, of]) => `${JSON.stringify(name)}:${canonicalJson(of)}`).join(',')}}`;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** What the hash of an entry is taken of. */
export const hashedText = ({ hash: _, ...entry }: Partial<AuditEntry>): string =>
  canonicalJson(entry as unknown as Json);
