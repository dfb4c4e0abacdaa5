import { z } from 'zod';
import { documentCloudEvent } from './document-events.ts';
import { documentId, failureReason, tenantName } from './documents.ts';
import { drift } from './drift.ts';
import { groundedness, unanswered } from './groundedness.ts';
import { modelComparison } from './model-plan.ts';

/** What every topic says of itself. */
interface TopicContract<S extends z.ZodType> {
  readonly name: string;
  readonly summary: string;
  readonly schema: S;
  readonly partitions: number;
  readonly retentionHours: number;
  /** True when only the newest record of each key has to be kept. */
  readonly compacted: boolean;
}

/**
 * Facts that cross services, each declared once. The topic is the name. Topic creation, validation, consumer
 * groups, dead-letter topics (`<name>.dlq`) and `docs/reference/events.md` come from this table.
 *
 * Events carry identities, references and counts, never content: erasing a document's blobs erases it from
 * every retained message as well, and no message outgrows the broker.
 */
export interface EventSpec<S extends z.ZodType = z.ZodType> extends TopicContract<S> {
  readonly carries: 'data';
  /** The ordering key: records of one key are handled in the order they were published. */
  readonly key: (data: z.infer<S>) => string;
}

/**
 * What others publish and Millrace reads: whole CloudEvents, structured or binary. `schema` is that of the event with
 * its attributes; the record's key is the sender's. The one place where a record may hold content.
 */
export interface CloudEventSpec<S extends z.ZodType = z.ZodType> extends TopicContract<S> {
  readonly carries: 'cloud-event';
  /** What the sender makes the key of. */
  readonly key: string;
}

export type AnyEventSpec = EventSpec | CloudEventSpec;
export type EventData<E extends AnyEventSpec> = z.infer<E['schema']>;

const defaults = { partitions: 12, retentionHours: 168, compacted: false };

const event = <S extends z.ZodType>(
  spec: Pick<EventSpec<S>, 'name' | 'summary' | 'schema' | 'key'>,
): EventSpec<S> => ({ ...defaults, carries: 'data', ...spec });

const cloudEvents = <S extends z.ZodType>(
  spec: Pick<CloudEventSpec<S>, 'name' | 'summary' | 'schema' | 'key'>,
): CloudEventSpec<S> => ({ ...defaults, carries: 'cloud-event', ...spec });

/** One version of one document: the identity that every stage is idempotent by. */
export const documentVersion = z.object({
  tenant: tenantName,
  document: documentId,
  version: z.int().positive(),
});
export type DocumentVersion = z.infer<typeof documentVersion>;

/** `acme/handbook`: events of one document stay in order. */
export const documentKey = (of: Pick<DocumentVersion, 'tenant' | 'document'>): string =>
  `${of.tenant}/${of.document}`;

/** `2@acme/handbook`: what was made from this version alone. No tenant's name has an `@`. */
export const documentVersionKey = (of: DocumentVersion): string => `${of.version}@${documentKey(of)}`;

const blobKey = z.string().min(1);
/** Parsed text of the version before, when only the access list or metadata differ: nothing has to be read or embedded again. */
const earlier = blobKey.optional();
/** True when reading it takes long: it was put aside once, to be read beside the others. */
const slow = z.boolean().optional();
/** Length of the content as it came, by which the work to read it is estimated. */
const bytes = z.int().nonnegative().optional();
const instant = z.iso.datetime();
/** What the model that made the vectors is called in the catalogue. */
const catalogueName = z.string().min(1).max(128);
/** Where the vectors are to go. Absent: no model was ever switched. */
const collection = z.string().optional();

export const events = {
  documents: cloudEvents({
    name: 'documents.v1',
    summary:
      'What data teams push: a document to add or change, with its text or a reference to a blob, or to delete.',
    schema: documentCloudEvent,
    key: '{tenant}/{document}',
  }),
  documentAccepted: event({
    name: 'ingestion.document.accepted.v1',
    summary:
      'A version was accepted: it is registered, its source is stored, and it will reach a final state.',
    schema: documentVersion.extend({ source: blobKey, acceptedAt: instant, bytes, earlier, slow }),
    key: documentKey,
  }),
  documentChunked: event({
    name: 'ingestion.document.chunked.v1',
    summary: 'The text of a version was extracted and cut into chunks.',
    schema: documentVersion.extend({
      parsed: blobKey,
      chunks: z.int().positive(),
      tokens: z.int().nonnegative(),
      acceptedAt: instant,
      earlier,
    }),
    key: documentKey,
  }),
  documentEmbedded: event({
    name: 'embedding.document.embedded.v1',
    summary: 'Every chunk of a version has its vector.',
    schema: documentVersion.extend({
      parsed: blobKey,
      vectors: blobKey,
      chunks: z.int().positive(),
      dims: z.int().positive(),
      /** Fingerprint of the model variant that made the vectors. */
      model: z.string(),
      name: catalogueName.optional(),
      collection,
      acceptedAt: instant,
    }),
    key: documentKey,
  }),
  documentIndexed: event({
    name: 'indexing.document.indexed.v1',
    summary: 'A version became searchable, whole and at once; or a newer one already was (superseded).',
    schema: documentVersion.extend({
      outcome: z.enum(['published', 'superseded']),
      chunks: z.int().nonnegative(),
      collection: z.string(),
      name: catalogueName.optional(),
      acceptedAt: instant,
      parsed: blobKey.optional(),
    }),
    key: documentKey,
  }),
  documentWithdrawn: event({
    name: 'ingestion.document.withdrawn.v1',
    summary: 'A delete was accepted: everything of the document up to this version has to go.',
    schema: documentVersion.extend({ withdrawnAt: instant }),
    key: documentKey,
  }),
  documentDeleted: event({
    name: 'indexing.document.deleted.v1',
    summary: 'A document left the index; late messages of older versions cannot bring it back.',
    schema: documentVersion.extend({ chunks: z.int().nonnegative(), collection: z.string() }),
    key: documentKey,
  }),
  vectorsWanted: event({
    name: 'control.vectors.wanted.v1',
    summary:
      'A version that can be searched lacks the vectors of another model whose index is kept up to date.',
    schema: documentVersion.extend({
      parsed: blobKey,
      chunks: z.int().positive(),
      /** Catalogue name. */
      model: z.string(),
      /** Found lacking by the back-fill: such work takes turns with what was just changed, as one group. */
      fill: z.boolean().optional(),
    }),
    key: documentKey,
  }),
  vectorsMade: event({
    name: 'embedding.vectors.made.v1',
    summary:
      'A version has the vectors that were wanted of another model than the one it was embedded by first.',
    schema: documentVersion.extend({
      parsed: blobKey,
      vectors: blobKey,
      chunks: z.int().positive(),
      dims: z.int().positive(),
      /** Fingerprint of the model variant that made the vectors. */
      model: z.string(),
      collection,
      fill: z.boolean().optional(),
    }),
    key: documentKey,
  }),
  vectorsIndexed: event({
    name: 'indexing.vectors.indexed.v1',
    summary: 'A version is in the index of another model than the one it was embedded by first.',
    schema: documentVersion.extend({ name: catalogueName, collection }),
    key: documentKey,
  }),
  modelSwitched: event({
    name: 'control.model.switched.v1',
    summary: 'From now on questions are asked by another embedding model.',
    schema: z.object({
      from: z.string(),
      to: z.string(),
      at: instant,
      comparison: modelComparison.optional(),
    }),
    key: ({ to }) => to,
  }),
  modelRetired: event({
    name: 'control.model.retired.v1',
    summary: 'The index of an embedding model is kept up to date no more, and goes.',
    /** Catalogue name, and fingerprint. */
    schema: z.object({
      ...{ name: z.string(), model: z.string(), at: instant },
      /** What goes: the one that is called by the fingerprint, where it is not said. */
      collection: z.string().optional(),
    }),
    key: ({ name }) => name,
  }),
  retrievalDrifted: event({
    name: 'retrieval.drift.detected.v1',
    summary: 'Questions, or how well the best hit fits them, are no longer as they were.',
    schema: drift,
    key: ({ model }) => model,
  }),
  embeddingDrifted: event({
    name: 'embedding.drift.detected.v1',
    summary: 'Documents that are embedded are no longer as they were.',
    schema: drift,
    key: ({ model }) => model,
  }),
  answerCompleted: event({
    name: 'generation.answer.completed.v1',
    summary: 'A question was answered, or ended otherwise: usage, timings and sources, no content.',
    schema: z.object({
      tenant: tenantName,
      requestId: z.string(),
      outcome: z.enum(['complete', 'truncated', 'suppressed', 'cancelled', 'failed']),
      model: z.string(),
      backend: z.string(),
      usage: z.object({
        promptTokens: z.int().nonnegative(),
        completionTokens: z.int().nonnegative(),
        /** True when the back end did not say and Millrace counted itself. */
        estimated: z.boolean(),
      }),
      millis: z.object({
        total: z.number(),
        /** For its turn, before all that the others count. */
        waited: z.number().optional(),
        retrieval: z.number().optional(),
        firstToken: z.number().optional(),
      }),
      sources: z.array(z.object({ document: documentId, version: z.int(), score: z.number() })),
      /** The answer's own; callers choose `requestId` and may repeat it. */
      answer: z.uuid().optional(),
      /** How far it had come when it ended. */
      phase: z.enum(['admitted', 'connecting', 'awaiting_first_token', 'streaming']).optional(),
      /** The version of the template by which its prompt was made, where documents were looked up for a language model. */
      prompt: z.string().optional(),
      /** The back ends that were asked, in their order, and why each failed that did. */
      attempts: z
        .array(
          z.object({ backend: z.string(), error: z.string().optional(), outrun: z.boolean().optional() }),
        )
        .optional(),
      /**
       * Where the answer was not made for this question: it had been kept (`hit`), or was being made for the same one
       * (`shared`). The tokens that it would have taken; `usage` has none of them.
       */
      cached: z
        .object({
          by: z.enum(['hit', 'shared']),
          promptTokens: z.int().nonnegative(),
          completionTokens: z.int().nonnegative(),
        })
        .optional(),
      /** What the tokens cost by the prices of the back end, in the operator's currency. */
      cost: z.number().nonnegative().optional(),
      /** What moderation found in question and answer; each once, with the most that was done about it. */
      findings: z
        .array(
          z.object({
            direction: z.enum(['input', 'output']),
            category: z.string(),
            action: z.enum(['flag', 'redact', 'block']).optional(),
          }),
        )
        .optional(),
      /** How it waited for its turn. */
      tier: z.enum(['priority', 'default', 'flex']).optional(),
      /** The version of the moderation policy that held for it, to its end. */
      policy: z.string().optional(),
      /** Where the conversation was too long: what became of the messages before the question, system messages aside. */
      history: z
        .object({
          kept: z.int().nonnegative(),
          summarised: z.int().nonnegative(),
          leftOut: z.int().nonnegative(),
        })
        .optional(),
      /** How far what was found takes up the question, 0 to 1; where it was judged. */
      support: z.number().min(0).max(1).optional(),
      unanswered: unanswered.optional(),
      groundedness: groundedness.optional(),
      at: instant,
    }),
    key: (data) => data.tenant,
  }),
} satisfies Record<string, AnyEventSpec>;

/** The group that takes in what data teams push. */
export const intakeGroup = { name: 'ingestion.documents', topics: [events.documents.name] } as const;

/**
 * The group that writes what the stages report into the registry, and the topics it reads. While it lags behind,
 * documents only seem to stand still.
 */
export const progressGroup = {
  name: 'ingestion.progress',
  topics: [
    events.documentChunked.name,
    events.documentEmbedded.name,
    events.documentIndexed.name,
    events.documentDeleted.name,
    events.vectorsMade.name,
    events.vectorsIndexed.name,
  ],
} as const;

/** Where every message that cannot be handled goes, under `<topic>.dlq`, with what is needed to send it again. */
export const deadLetter = z.object({
  reason: failureReason,
  attempts: z.int().nonnegative(),
  /** The topic or queue it was read from. */
  origin: z.string(),
  /** The document it is about, where that could be read. */
  subject: documentVersion.optional(),
  at: instant,
  /** The message as it was: JSON where it parsed, base64 otherwise. */
  payload: z.union([z.object({ json: z.unknown() }), z.object({ base64: z.string() })]),
  /** The key that the message had. */
  key: z.string().optional(),
  /** The headers that the message had. */
  headers: z.record(z.string(), z.string()).optional(),
  /** Where in the origin it stands, as long as that is kept. */
  partition: z.int().nonnegative().optional(),
  offset: z.int().nonnegative().optional(),
  /** That of the message, epoch milliseconds: in a topic that was made anew offsets begin again. */
  timestamp: z.int().optional(),
  /** Bytes of the letter with its message, when that was too much for a record: `payload` is left empty then. */
  omitted_bytes: z.int().positive().optional(),
});
export type DeadLetter = z.infer<typeof deadLetter>;

/** On a replayed message: when it was given up first, RFC 3339. */
export const givenUpHeader = 'millrace_given_up_at';

const deadLetterSuffix = '.dlq';
export const deadLetterTopic = (origin: string): string => origin + deadLetterSuffix;
export const isDeadLetterTopic = (topic: string): boolean => topic.endsWith(deadLetterSuffix);
