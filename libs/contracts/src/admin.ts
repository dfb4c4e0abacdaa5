import { z } from 'zod';
import { rights } from './calls.ts';
import { documentCloudEvent } from './document-events.ts';
import { principalName, tenantName } from './documents.ts';
import { deadLetter } from './events.ts';

export const tenantInput = z.strictObject({ name: tenantName });
export const tenantRecord = z.object({ name: tenantName, created_at: z.iso.datetime() });

export const keyInput = z.strictObject({
  tenant: tenantName,
  /** Who the key stands for: acts as `user:<name>`. */
  name: principalName,
  groups: z.array(principalName).max(64).default([]),
  rights: z.array(z.enum(rights)).min(1).default(['read', 'write']),
});
export const keyRecord = keyInput.extend({ id: z.string(), created_at: z.iso.datetime() });
/** `key` is shown this once; only its SHA-256 is kept. */
export const createdKey = keyRecord.extend({ key: z.string() });

export const deadLetterRecord = deadLetter
  .omit({
    ...{ payload: true, headers: true, partition: true, offset: true, timestamp: true, omitted_bytes: true },
  })
  .extend({
    id: z.string(),
    tenant: tenantName,
    /** Of the message: its first 512 characters. */
    key: z.string().optional(),
  });

/** A letter with the message that could not be handled, to be put right and replayed. */
export const wholeDeadLetter = deadLetterRecord.extend({
  message: z.object({
    headers: z.record(z.string(), z.string()),
    /** As text; what was none has U+FFFD in its place. */
    value: z.string(),
  }),
});

/** What a sender meant: takes the place of a message that can never be handled as it is. */
export const correction = z.strictObject({
  /** The letter's. */
  id: z.string(),
  /** Goes into `documents.v1` for the letter's tenant and document. Its `id` is replaced by the letter's. */
  event: documentCloudEvent,
  /** Whose it is, where the letter names no document; for admins of `default` alone. Default: the letter's tenant. */
  tenant: tenantName.optional(),
});
export type Correction = z.infer<typeof correction>;

/** RFC 3339 with an offset. */
const moment = z.iso.datetime({ offset: true });

export const replayInput = z
  .strictObject({
    ids: z.array(z.string()).min(1).max(1000).optional(),
    /** These letters, each with this event instead of its message; nothing else selects beside them. */
    corrections: z.array(correction).min(1).max(100).optional(),
    tenant: tenantName.optional(),
    /** Only letters with this reason code. */
    code: z.string().optional(),
    /** Only letters written at this time or later. */
    since: moment.optional(),
    /** Only letters written before this time. Default: now. */
    until: moment.optional(),
    /** Say what would be replayed, and do nothing. */
    dry_run: z.boolean().default(false),
  })
  .refine(
    ({ since, until }) => since === undefined || until === undefined || Date.parse(since) < Date.parse(until),
    { path: ['since'], error: 'must be before until' },
  )
  .refine(
    ({ corrections, ids, tenant, code, since, until }) =>
      corrections === undefined || [ids, tenant, code, since, until].every((other) => other === undefined),
    {
      path: ['corrections'],
      error: 'name their letters themselves: leave ids, tenant, code, since and until out',
    },
  )
  .refine(({ corrections = [] }) => new Set(corrections.map(({ id }) => id)).size === corrections.length, {
    path: ['corrections'],
    error: 'must be of different letters',
  });

export const replayAnswer = z.object({
  /** Ids of at most 1,000 letters. */
  replayed: z.array(z.string()),
  /** Of `corrections`: ids of no letter, of one that the caller may not list, or of one that is not there any more as it was read. */
  gone: z.array(z.string()).optional(),
  /**
   * Letters that were not sent, at most 1,000. Those that stay, to be corrected: the message is too long for the log, was left
   * out of its letter, or came from a topic that there is not. And those that are `gone`: sent or erased meanwhile.
   */
  kept: z
    .array(z.object({ id: z.string(), why: z.enum(['too_long', 'no_message', 'unknown_topic', 'gone']) }))
    .optional(),
  dry_run: z.boolean(),
  /** Only letters written before this were looked at: one that comes right back is not sent again. */
  until: z.iso.datetime(),
  /** Others fit too: ask again with this `until`. */
  has_more: z.boolean(),
});

export const queueDepths = z.object({
  queues: z.array(
    z.object({
      queue: z.string(),
      runnable: z.int(),
      inflight: z.int(),
      delayed: z.int(),
      oldest_age_ms: z.number(),
    }),
  ),
  groups: z.array(z.object({ group: z.string(), topic: z.string(), lag: z.int() })),
  documents: z.record(z.string(), z.int()),
});
