import type { DocumentState } from '@millrace/contracts';
import type { Generated } from 'kysely';

/** The registry's tables. Times are epoch milliseconds; columns named `..._json` hold JSON text. */
export interface Schema {
  /** One row a document, for good: its version counter never goes back, deletes included. */
  documents: DocumentTable;
  versions: VersionTable;
  history: { tenant: string; document: string; version: number; state: DocumentState; at: number };
  outbox: { id: Generated<number>; topic: string; key: string; value: string; headers_json: string };
  idempotency_keys: IdempotencyTable;
  receipts: { tenant: string; document: string; version: number; receipt_json: string };
  dead_letters: DeadLetterTable;
  /** Letters that were sent or erased: their records may come again. `place` is that of the letter. */
  dropped_letters: { id: string; at: number; place: string | null };
  tenants: { name: string; created_at: number };
  access_keys: AccessKeyTable;
  /** Answers that are in the sums of `usage_days`, while they may be told again. */
  usage_answers: { answer: string; at: number };
  usage_days: UsageDayTable;
  quotas: { tenant: string; quota_json: string };
  moderation_policies: { tenant: string; policy_json: string };
  /** Each version once a tenant; the highest revision counts. */
  prompts: { tenant: string; version: string; revision: number; prompt_json: string; at: number };
  /** One row. */
  model_plan: { id: number; revision: number; plan_json: string };
  index_sightings: SightingTable;
  index_arrears: ArrearTable;
  audit_entries: AuditEntryTable;
  /** The last entry of each chain: held by whoever adds the next. */
  audit_heads: AuditHeadTable;
}

/** See `AuditEntry`. The database refuses to change rows and to let them go. */
export interface AuditEntryTable {
  tenant: string;
  sequence: number;
  at: number;
  actor_json: string;
  action: string;
  object: string;
  outcome: string;
  details_json: string;
  previous: string;
  hash: string;
}

export interface AuditHeadTable {
  tenant: string;
  sequence: number;
  hash: string;
}

/** A model whose index has a version that is not called `indexed` yet. */
export interface SightingTable {
  model: string;
  tenant: string;
  document: string;
  version: number;
}

/** A model whose index is not known to have a version that is `indexed`. One row for a model and a document. */
export interface ArrearTable extends SightingTable {
  /** 1: found by the back-fill. */
  fill: number;
  /** How often its vectors were asked for, and when last. */
  asks: number;
  asked_at: number;
}

export interface DocumentTable {
  tenant: string;
  document: string;
  /** The newest version, and what it is: kept here so that lists, counts and deduplication read one row. */
  version: number;
  state: DocumentState;
  operation: 'upsert' | 'delete';
  content_hash: string | null;
  accepted_at: number;
  live_version: number | null;
  /** The last events that were carried out, oldest first; see `PushedEvent`. */
  events_json: string | null;
  /** The furthest place in the log that the document has come to; see `PushedEvent`. */
  place_json: string | null;
}

export interface VersionTable {
  tenant: string;
  document: string;
  version: number;
  operation: 'upsert' | 'delete';
  state: DocumentState;
  title: string | null;
  source: string | null;
  body_hash: string | null;
  parsed: string | null;
  chunks: number;
  reason_code: string | null;
  reason_message: string | null;
  /** The outbox event that takes the version on from its state. */
  resume_json: string;
  resends: number;
  accepted_at: number;
  /** When its sender said it, at the latest: a replay when it was given up. Null: when it was accepted. */
  said_at: number | null;
  /** When it was last set going: letters written before that are about an earlier attempt. */
  started_at: number;
  updated_at: number;
}

export interface IdempotencyTable {
  tenant: string;
  key: string;
  request_hash: string;
  at: number;
  document: string;
  /** The answer; null only within the transaction that finds it. */
  version: number | null;
  state: DocumentState | null;
}

export interface DeadLetterTable {
  id: string;
  tenant: string;
  origin: string;
  document: string | null;
  version: number | null;
  code: string;
  message: string;
  attempts: number;
  at: number;
  /** Null in letters of an earlier version of Millrace beside this one: `at`. */
  said_at: number | null;
  /** Of a message out of a topic that no version came of, which may come again; see `placeOfRecord`. */
  place: string | null;
  replay_json: string;
  /** Of the message. Null in letters of an earlier version of Millrace. */
  key: string | null;
  message_bytes: number | null;
  /** Of a message that its letter had no room for. */
  omitted_bytes: number | null;
}

export interface UsageDayTable {
  tenant: string;
  day: string;
  model: string;
  backend: string;
  outcome: string;
  answers: number;
  estimated: number;
  prompt_tokens: number;
  completion_tokens: number;
  cost: number;
}

export interface AccessKeyTable {
  id: string;
  tenant: string;
  name: string;
  principal_json: string;
  hash: string;
  created_at: number;
}
