import { z } from 'zod';

/** `acme`, `team-7`: becomes part of keys and paths, hence the narrow alphabet. */
export const tenantName = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/,
    'must be 1 to 64 small letters a-z, digits and -, without - at either end',
  );

/** Chosen by the sender, unique within the tenant. Never used as a path. */
export const documentId = z
  .string()
  .min(1)
  .max(256)
  .regex(
    /^(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))[\p{L}\p{N}._:@/+= -]+$/u,
    'must be letters, digits, spaces and . _ : @ / + = -, without leading "/", "." or ".." parts',
  );

/** Databases keep no NUL in a text. */
const storable = z
  .string()
  .refine((text) => !text.includes('\0'), 'has NUL characters (U+0000): take them out');

const metadataValue = z.union([
  storable.max(2048),
  z.number(),
  z.boolean(),
  z.array(storable.max(256)).max(64),
]);

const metadataKeys = 'keys must be 1 to 64 plain letters, digits and _ . -';

export const mostMetadataKeys = 64;

/** At most 64 keys. Filterable in search. */
export const metadata = z
  .record(z.string().regex(/^[\w.-]{1,64}$/, metadataKeys), metadataValue, {
    error: ({ code }) => (code === 'invalid_key' ? metadataKeys : undefined),
  })
  .refine((value) => Object.keys(value).length <= mostMetadataKeys, `at most ${mostMetadataKeys} keys`);
export type Metadata = z.infer<typeof metadata>;

const nameLetters = String.raw`[\p{L}\p{N}._@+/:=-]{1,128}`;
const nameWords = 'letters, digits and . _ @ + / : = -';

/** Who a key stands for, or a group of such: no spaces, no patterns. */
export const principalName = z
  .string()
  .regex(new RegExp(`^${nameLetters}$`, 'u'), `must be 1 to 128 ${nameWords}`);

/** `user:<name>` or `group:<name>`. */
const accessEntry = z
  .string()
  .regex(
    new RegExp(`^(?:user|group):${nameLetters}$`, 'u'),
    `must be user:NAME or group:NAME, the name 1 to 128 ${nameWords}`,
  );

/** Who may find the document. Absent or empty: the whole tenant. */
export const accessList = z.array(accessEntry).max(128);

/** What is said of a document beside its content. */
export const documentFields = z.strictObject({
  id: documentId.optional(),
  title: storable.max(1024).optional(),
  metadata: metadata.optional(),
  acl: accessList.optional(),
});

/** `PUT /v1/documents/{id}` and the data of an upsert event. */
export const documentInput = documentFields.extend({
  text: storable,
  /** How `text` is to be read. */
  media_type: z.enum(['text/plain', 'text/markdown', 'text/html', 'text/csv', 'application/json']).optional(),
});
export type DocumentInput = z.infer<typeof documentInput>;

export const documentState = z.enum([
  'accepted',
  'parsed',
  'embedded',
  'indexed',
  'deleted',
  'dead-lettered',
]);
export type DocumentState = z.infer<typeof documentState>;

/** Why a document ended in the dead letters. `code` is one of the error table. */
export const failureReason = z.object({ code: z.string(), message: z.string() });
export type FailureReason = z.infer<typeof failureReason>;

export const documentStatus = z.object({
  id: documentId,
  /** Counts up with every accepted change, deletes included. */
  version: z.int().positive(),
  state: documentState,
  title: z.string().optional(),
  /** Chunks of this version, once parsed. */
  chunks: z.int().nonnegative(),
  /** The version that searches see now, when there is one. */
  live_version: z.int().positive().optional(),
  history: z.array(z.object({ version: z.int(), state: documentState, at: z.iso.datetime() })),
  reason: failureReason.optional(),
});
export type DocumentStatus = z.infer<typeof documentStatus>;

export const acceptedAnswer = z.object({
  id: documentId,
  version: z.int().positive(),
  state: documentState,
});

export const documentPage = z.object({
  data: z.array(documentStatus.omit({ history: true })),
  /** Pass it as `cursor` for the next page; absent on the last. */
  next_cursor: z.string().optional(),
});

export const documentContent = z.object({
  id: documentId,
  version: z.int(),
  title: z.string().optional(),
  /** The extracted text that chunk offsets (`start`, `end`) count in, in UTF-16 units. */
  text: z.string(),
});

/** What an erasure removed, and where; and what is retained for a time, since a log cannot take a record back. */
export const erasureReceipt = z.object({
  id: documentId,
  version: z.int().positive(),
  requested_at: z.iso.datetime(),
  completed_at: z.iso.datetime(),
  removed: z.array(z.object({ store: z.string(), what: z.string(), count: z.int().nonnegative() })),
  /** Missing in receipts of before it was told. */
  retained: z
    .array(z.object({ store: z.string(), what: z.string(), until: z.iso.datetime().optional() }))
    .optional(),
});
export type ErasureReceipt = z.infer<typeof erasureReceipt>;

/** A piece of a document's extracted text that is embedded and found as one. */
export const chunk = z.object({
  /** UUIDv5 of tenant, document, version and ordinal. */
  id: z.uuid(),
  /** Position in the document, from 0. */
  ordinal: z.int().nonnegative(),
  text: z.string(),
  /** Offsets in the extracted text, in UTF-16 units, end exclusive. */
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  /**
   * What stands between the chunk before it and this one, mostly white space: with it their texts join to the letter.
   * Left out where words stand there, which no chunk shows, or very much of nothing.
   */
  gap: z.string().optional(),
  /** Tokens of `text` for the embedding model, without special tokens. */
  tokens: z.int().nonnegative(),
  /** The headings above the chunk, outermost first; for a later part of a table its header row comes last. */
  headings: z.array(z.string()),
  /** 1-based page, slide or sheet where the source has them. */
  page: z.int().positive().optional(),
});
export type Chunk = z.infer<typeof chunk>;
