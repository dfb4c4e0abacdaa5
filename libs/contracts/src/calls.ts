import { z } from 'zod';
import { accessList, documentId, tenantName } from './documents.ts';
import { judgedQuestion } from './judgements.ts';
import { modelComparison, modelPlan } from './model-plan.ts';
import { moderationDirections, statedPolicy } from './moderation-policy.ts';
import { statedPrompt } from './prompt-template.ts';
import { quota } from './quotas.ts';
import { searchRequest, searchResponse } from './search.ts';

/**
 * Request/reply between services on the interactive path, each declared once. Inputs and outputs are plain JSON,
 * so that the same call can cross a process.
 */
export interface CallSpec<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly summary: string;
  readonly input: I;
  readonly output: O;
  readonly timeoutMs: number;
  /** Calls one replica works on at a time, and how many more may wait before `queue_full`. */
  readonly concurrency: number;
  readonly maxWaiting: number;
}
export type CallInput<C extends CallSpec> = z.infer<C['input']>;
export type CallOutput<C extends CallSpec> = z.infer<C['output']>;

const call = <I extends z.ZodType, O extends z.ZodType>(spec: CallSpec<I, O>): CallSpec<I, O> => spec;

/**
 * What a key may do. `read`: ask, search, and read what the access lists admit. `write`: push, change and delete, and
 * see state, list and receipts of every document of the tenant. `admin`: keys, dead letters and queues of its tenant;
 * of the tenant `default`: of all tenants.
 */
export const rights = ['read', 'write', 'admin'] as const;

/** Who asks: read from the key, or the standalone default. */
export const principal = z.object({
  tenant: tenantName,
  /** `user:<name>`; keys act as `user:<key name>`. */
  name: z.string(),
  groups: z.array(z.string()),
  rights: z.array(z.enum(rights)),
  /** Id of the key; none of the admin key and of the owner of the machine. */
  key: z.string().optional(),
});
export type Principal = z.infer<typeof principal>;

/** Where the vectors of a model lie. Absent: no model was ever switched, and its own may not be made yet. */
const collection = z.string().optional();

/** By the plan of models as it is now, and not a moment ago; rejects when that cannot be told. */
const fresh = z.boolean().optional();

/** Who may read what is looked for: it is asked as they would ask. Empty: as anybody. */
const askedBy = accessList.default([]);

/** How many characters (UTF-16 units) before a text moderation looks at, as they are meant: escapes decoded, invisible ones gone. */
export const moderationContext = 256;

/** How a text is written: as it is, as a piece of JSON, or as one that begins inside a string. */
const moderatedEncoding = z.enum(['text', 'json', 'json-string']);

/** What moderation decided about a text. */
const moderationFinding = z.object({
  category: z.string(),
  action: z.enum(['flag', 'redact', 'block']),
  /** 0 to 1. */
  score: z.number(),
  /** Span in the text that was given, UTF-16 units, end exclusive. */
  start: z.int(),
  end: z.int(),
});
export type ModerationFinding = z.infer<typeof moderationFinding>;

export const calls = {
  authenticate: call({
    name: 'control.authenticate',
    summary: 'Who a key belongs to; null when it is unknown or revoked.',
    input: z.object({ keyHash: z.string() }),
    output: z.object({ principal: principal.nullable() }),
    timeoutMs: 2_000,
    concurrency: 64,
    maxWaiting: 1024,
  }),
  tenantQuota: call({
    name: 'control.tenant-quota',
    summary: 'What a tenant may use.',
    input: z.object({ tenant: tenantName }),
    output: z.object({ quota }),
    timeoutMs: 2_000,
    concurrency: 64,
    maxWaiting: 1024,
  }),
  tenantModeration: call({
    name: 'control.tenant-moderation',
    summary: 'What moderation does about a tenant’s questions, answers and documents.',
    input: z.object({ tenant: tenantName }),
    output: statedPolicy,
    timeoutMs: 1_000,
    concurrency: 64,
    maxWaiting: 1024,
  }),
  tenantPrompt: call({
    name: 'control.tenant-prompt',
    summary: 'What a language model is told of a tenant’s questions.',
    input: z.object({ tenant: tenantName }),
    output: statedPrompt,
    timeoutMs: 1_000,
    concurrency: 64,
    maxWaiting: 1024,
  }),
  embedTexts: call({
    name: 'embedding.embed-texts',
    summary: 'Vectors of a few texts, in the query lane before bulk work.',
    input: z.object({
      texts: z.array(z.string()).min(1).max(2048),
      kind: z.enum(['query', 'passage']),
      lane: z.enum(['interactive', 'bulk']).default('interactive'),
      /** Its catalogue name; without: the default, which documents and questions use. */
      model: z.string().optional(),
      /** Who asks, and alone may be given what is kept. Without: nothing is kept. */
      tenant: tenantName.optional(),
      /** Where the texts stand, in their order: what is kept of them goes with these. */
      documents: z.array(documentId).optional(),
      fresh,
    }),
    output: z.object({
      vectors: z.array(z.array(z.number())),
      tokens: z.int(),
      /** Fingerprint of the model that the vectors are of: they may only be compared within its collection. */
      model: z.string(),
      name: z.string(),
      dims: z.int(),
      collection,
    }),
    timeoutMs: 30_000,
    concurrency: 256,
    maxWaiting: 1024,
  }),
  describeModel: call({
    name: 'embedding.describe-model',
    summary:
      'An embedding model, the default unless one is named, for who needs its collection without embedding anything. ' +
      'It is not loaded for that.',
    input: z.object({
      /** Its catalogue name; without: the default. */
      model: z.string().optional(),
      fresh,
    }),
    output: z.object({
      ...{ model: z.string(), name: z.string(), dims: z.int(), maxTokens: z.int(), collection },
    }),
    timeoutMs: 5_000,
    concurrency: 64,
    maxWaiting: 1024,
  }),
  listEmbeddingModels: call({
    name: 'embedding.list-models',
    summary: 'The embedding models that can be asked for, the default first, and which are in memory now.',
    input: z.object({}),
    output: z.object({
      models: z.array(
        z.object({
          /** Its catalogue name. */
          name: z.string(),
          dims: z.int(),
          maxTokens: z.int(),
          /** What documents and questions use. */
          default: z.boolean(),
          /** In the memory of the process that answers, or coming there; the next request loads the others. */
          loaded: z.boolean(),
        }),
      ),
    }),
    timeoutMs: 2_000,
    concurrency: 64,
    maxWaiting: 1024,
  }),
  activeModels: call({
    name: 'embedding.active-models',
    summary:
      'The embedding models by which documents are kept searchable, the one that serves first, and where their vectors lie.',
    input: z.object({ fresh }),
    output: z.object({
      models: z.array(z.object({ model: z.string(), name: z.string(), dims: z.int(), collection })).min(1),
      /** Catalogue name of the one that the setting names. */
      setting: z.string().optional(),
    }),
    timeoutMs: 5_000,
    concurrency: 64,
    maxWaiting: 1024,
  }),
  modelPlan: call({
    name: 'control.model-plan',
    summary: 'Which models serve, are to serve next, or served before; null while none was ever switched.',
    input: z.object({}),
    output: z.object({ plan: modelPlan.nullable() }),
    timeoutMs: 2_000,
    concurrency: 64,
    maxWaiting: 1024,
  }),
  missingVersions: call({
    name: 'indexing.missing-versions',
    summary: 'Of these versions those that cannot be found in the index of a model, nor newer ones.',
    input: z.object({
      collection: z.string(),
      tenant: tenantName,
      /** By document, ascending by code point. */
      versions: z.array(z.object({ document: documentId, version: z.int().positive() })).max(1000),
    }),
    output: z.object({ missing: z.array(documentId) }),
    timeoutMs: 20_000,
    concurrency: 4,
    maxWaiting: 64,
  }),
  makeIndex: call({
    name: 'indexing.make-index',
    summary: 'Make the empty index of a model that is to be prepared. Nothing is changed where it is there.',
    input: z.object({ collection: z.string(), dims: z.int().positive() }),
    output: z.object({}),
    timeoutMs: 20_000,
    concurrency: 1,
    maxWaiting: 64,
  }),
  compareModels: call({
    name: 'retrieval.compare-models',
    summary:
      'What two models find: sentences of these documents asked for, and the questions of late that this process remembers.',
    input: z.object({
      /** Catalogue names. */
      serving: z.string(),
      next: z.string(),
      documents: z.array(z.object({ tenant: tenantName, document: documentId, access: askedBy })).max(400),
    }),
    output: modelComparison,
    timeoutMs: 300_000,
    concurrency: 1,
    maxWaiting: 4,
  }),
  judgeModels: call({
    name: 'retrieval.judge-models',
    summary:
      'How well two models rank the documents that answer questions with judgements, as is usual and by meaning alone: the mean nDCG@10 of each.',
    input: z.object({
      /** Catalogue names. */
      serving: z.string(),
      next: z.string(),
      questions: z
        .array(judgedQuestion.extend({ access: askedBy }))
        .min(1)
        .max(20),
    }),
    output: z.object({
      ...{ ndcg_serving: z.number(), ndcg_next: z.number() },
      ...{ ndcg_dense_serving: z.number(), ndcg_dense_next: z.number() },
      /** Share of the first ten hits by meaning alone that both have, of each question asked of enough chunks. */
      alike: z.array(z.number()),
    }),
    timeoutMs: 60_000,
    concurrency: 1,
    maxWaiting: 4,
  }),
  search: call({
    name: 'retrieval.search',
    summary: 'Ranked chunks for a query, as `POST /v1/search` gives them.',
    input: z.object({ principal, request: searchRequest }),
    output: searchResponse,
    timeoutMs: 10_000,
    concurrency: 64,
    maxWaiting: 1024,
  }),
  findPassages: call({
    name: 'retrieval.find-passages',
    summary: 'Ranked passages for a prompt: hits that touch or overlap in one document merged.',
    input: z.object({ principal, request: searchRequest }),
    output: searchResponse.extend({
      /** Fingerprint of the model by whose vectors they were found. */
      model: z.string().optional(),
    }),
    timeoutMs: 10_000,
    concurrency: 64,
    maxWaiting: 1024,
  }),
  moderate: call({
    name: 'moderation.moderate',
    summary:
      'Check a text by the tenant’s policy. For a stream: the text not yet released, with what precedes it; ' +
      '`holdFrom` says from where on it must not leave yet because a longer match could still begin there.',
    input: z.object({
      tenant: tenantName,
      direction: z.enum(moderationDirections),
      /** As the first answer gave it: what began under one policy ends under it. Absent: the tenant’s as it is now. */
      policy: statedPolicy.optional(),
      /** What stands before, as the last answer gave it in `next`: matched against, never redacted. */
      preceding: z.string().default(''),
      text: z.string(),
      /** JSON is moderated as its strings are meant, and stays JSON: a number that is redacted becomes a string. */
      encoding: moderatedEncoding.default('text'),
      /** False while more text may follow. */
      final: z.boolean().default(true),
      /** What the classifier has not judged yet, as the last answer gave it in `next`. */
      unclassified: z.string().optional(),
      /** So many characters at the end of `preceding` were not searched for flags yet, as the last answer gave it in `next`. */
      unflagged: z.int().min(0).max(moderationContext).optional(),
    }),
    output: z.object({
      action: z.enum(['allow', 'redact', 'block']),
      /** What may be released: the text up to `holdFrom` with redactions applied; when blocked, what stands before. */
      text: z.string(),
      /** Offset in the given text from which nothing may be released yet; its length when all may go. */
      holdFrom: z.int(),
      findings: z.array(moderationFinding),
      /** What `text` has in place of what was redacted, in text order; offsets as in findings. */
      redactions: z.array(z.object({ start: z.int(), end: z.int(), text: z.string() })).optional(),
      /** By which it was decided. */
      policy: statedPolicy.optional(),
      /** What to hand over with the text from `holdFrom` on. */
      next: z.object({
        preceding: z.string(),
        encoding: moderatedEncoding,
        unclassified: z.string().optional(),
        unflagged: z.int().optional(),
      }),
    }),
    timeoutMs: 2_000,
    concurrency: 64,
    maxWaiting: 4096,
  }),
} satisfies Record<string, CallSpec>;
