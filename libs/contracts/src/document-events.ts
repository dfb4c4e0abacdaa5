import { z } from 'zod';
import {
  cloudEventMembers,
  cloudEventOf,
  extensions,
  isJsonType,
  isObject,
  type Members,
} from './cloud-events.ts';
import { documentFields, documentId, documentInput } from './documents.ts';

/** Where a claim check may point: below `inbox/<tenant>/` in the blob store, and nowhere else. */
export const inboxPrefix = (tenant: string): string => `inbox/${tenant}/`;

/**
 * A claim check: content too large for a message, put into the blob store by the sender. Millrace copies it; the blob
 * stays the sender's, who keeps it for as long as the topic keeps the event.
 */
export const documentClaim = documentFields.extend({
  /** `inbox/<tenant>/<any name>`: parts of letters, digits, `.`, `_` and `-`. */
  blob: z
    .string()
    .max(512)
    .regex(
      /^inbox\/[a-z0-9-]+(?:\/(?!\.)[A-Za-z0-9._-]+)+$/,
      'must be inbox/<tenant>/<name>, of letters, digits and . _ -',
    ),
  /** What the bytes are; found out from them when absent. */
  media_type: z.string().max(255).optional(),
  filename: z.string().max(255).optional(),
});
export type DocumentClaim = z.infer<typeof documentClaim>;

const documentData = z.union([documentInput, documentClaim], {
  error: ({ input }) => (isObject(input) ? textOrBlob(input) : undefined),
});

function textOrBlob(data: Members): string | undefined {
  if ('text' in data && 'blob' in data) return 'text and blob exclude each other: send one of them';
  return 'text' in data || 'blob' in data ? undefined : 'needs text or blob';
}

const upsert = cloudEventMembers
  .extend({ type: z.literal('millrace.document.upsert.v1'), data: documentData })
  .meta(extensions);

const removal = cloudEventMembers
  .extend({
    type: z.literal('millrace.document.delete.v1'),
    data: z.object({ id: documentId.optional() }).optional(),
  })
  .meta(extensions);

/** What data teams push: the document's id is the event's `subject`, or `data.id`; both, when they agree. */
export const documentCloudEvent = cloudEventOf(
  z.discriminatedUnion('type', [upsert, removal], {
    error: ({ code }) =>
      code === 'invalid_union'
        ? `must be ${upsert.shape.type.value} or ${removal.shape.type.value}`
        : undefined,
  }),
  withJsonData,
);
export type DocumentCloudEvent = z.infer<typeof documentCloudEvent>;

/** Data of a document is JSON, be it written out or in Base64. */
function withJsonData(event: Members, context: z.core.$RefinementCtx): Members {
  const { data_base64: base64, ...rest } = event;
  if (base64 === undefined && rest['data'] === undefined) return event;
  const refuse = (member: string, message: string): Members => {
    context.addIssue({ code: 'custom', path: [member], message });
    return event;
  };
  if (!isJsonType(rest['datacontenttype'])) return refuse('datacontenttype', 'must be application/json');
  if (base64 === undefined) return event;
  try {
    return { ...rest, data: jsonIn(base64) };
  } catch {
    return refuse('data_base64', 'must be Base64 of JSON in UTF-8');
  }
}

function jsonIn(base64: unknown): unknown {
  const bytes = Uint8Array.from(atob(z.string().parse(base64)), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}
