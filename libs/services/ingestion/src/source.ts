import { createHash } from 'node:crypto';
import { accessList, metadata } from '@millrace/contracts';
import { z } from 'zod';

/** `source.json`: what the sender said, and the text or where the file's bytes lie. */
export const source = z.object({
  title: z.string().optional(),
  metadata,
  acl: accessList,
  mediaType: z.string().optional(),
  filename: z.string().optional(),
  content: z.union([z.object({ text: z.string() }), z.object({ blob: z.string() })]),
});
export type Source = z.infer<typeof source>;

/** A document as it arrives, whichever way. */
export interface Arrival {
  readonly title?: string | undefined;
  readonly metadata?: Source['metadata'] | undefined;
  readonly acl?: readonly string[] | undefined;
  readonly mediaType?: string | undefined;
  readonly filename?: string | undefined;
  readonly content: string | Uint8Array;
}

/** SHA-256 of everything that makes a content this content; the order of metadata keys does not. */
export function contentHash({ title, metadata, acl, mediaType, filename, content }: Arrival): string {
  const sorted = Object.entries(metadata ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const said = JSON.stringify([
    title ?? null,
    sorted,
    acl ?? [],
    mediaType ?? null,
    filename ?? null,
    typeof content,
  ]);
  return createHash('sha256').update(said).update('\0').update(content).digest('hex');
}

/** The same of what is read, cut and embedded: who may see it and its metadata left out. */
export const bodyHash = ({ metadata: _metadata, acl: _acl, ...body }: Arrival): string => contentHash(body);

/** What makes two requests under one Idempotency-Key the same: content and, where the sender chose it, the id. */
export const requestHash = (content: string, document: string | undefined): string =>
  createHash('sha256')
    .update(JSON.stringify([content, document ?? null]))
    .digest('hex');
