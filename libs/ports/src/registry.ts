import type {
  DocumentState,
  DocumentStatus,
  DocumentVersion,
  ErasureReceipt,
  ModelPlan,
  ModerationPolicy,
  Quota,
} from '@millrace/contracts';
import type { AccessRegistry } from './access-registry.ts';
import type { AuditRegistry, NewAuditEntry } from './audit-registry.ts';
import type { DeadLetterRegistry } from './dead-letter-registry.ts';
import type { LogPlace } from './event-log.ts';
import type { Outbox, OutboxEvent } from './outbox.ts';
import type { PromptRegistry } from './prompt-registry.ts';
import type { UsageRegistry } from './usage-registry.ts';

/**
 * What was accepted and how far it is: the truth that everything else can be rebuilt from. A change and the event
 * that announces it are one transaction; what a call acknowledged survives a power cut.
 * Only ingestion and control use it.
 *
 * States of a version are ordered: accepted < parsed < embedded < dead-lettered < indexed < deleted. A version only
 * ever moves up, so messages may come twice, late and in any order; being sent again (`accept` with the same
 * content, `replay`) is the one way back, from dead-lettered to accepted. `indexed` counts even after dead-lettered:
 * what can be searched is indexed, whoever gave up on it before.
 * An upsert that a newer indexed version has overtaken ends as `deleted`: its content goes.
 */
export interface DocumentRegistry {
  /**
   * Registers new content as the next version. When the newest version is a live upsert with the same `contentHash`,
   * nothing changes (`duplicate`), except that a dead-lettered one is set going again (`restarted`).
   * Rejects with `idempotency_conflict`.
   */
  accept(change: NewVersion): Promise<AcceptedVersion | BeforeDelete>;

  /**
   * Registers a delete as the next version. When the newest one is a delete already, that is the answer
   * (`duplicate`, or `restarted` when it was dead-lettered). Undefined when the document was never there and no event
   * asks for it. Rejects with `idempotency_conflict`. Where no erasure is to come, letters about no version that were said
   * before go in the same transaction.
   */
  withdraw(withdrawal: Withdrawal): Promise<AcceptedVersion | undefined>;

  /**
   * Moves a version up. Steps back and repeats return false and change no state; what a step brings along (`chunks`,
   * `parsed`) is kept even from a late one. `indexed` makes the version the live one unless a newer one is.
   *
   * Where there is a plan of models, a version becomes `indexed` when it is known to be in the index of the serving model
   * and, while a switch waits (`switching`), of the one that is to serve: known is what `models` said so far. Else the step
   * returns false. Models of the plan that lack it then are wished for (`wish`) and, once it is `indexed`, in arrears.
   */
  advance(step: Step): Promise<boolean>;

  /**
   * Sends a version that stands still round again with its `resume` event; false when it has moved meanwhile. It
   * counts as touched at `at`, which may lie ahead: until then it is not stalled.
   */
  resend(version: StalledVersion, at: number): Promise<boolean>;

  /**
   * Ends a delete: its version becomes `deleted`, and all that was kept of earlier ones goes (titles, history, blob
   * keys, dead letters of them and those said before it), counted for the receipt. Again: nothing changes.
   */
  completeErasure(version: DocumentVersion, end: (removed: RemovedRecords) => EndOfErasure): Promise<void>;

  /** Every version still on record, oldest first: the live one, newer ones, and old ones whose blobs must go. */
  versions(tenant: string, document: string): Promise<KeptVersion[]>;

  /** Of these blob keys of sources, those that no version on record has. At most 1,000 at a time. */
  unknownSources(sources: readonly string[]): Promise<string[]>;

  /** Drops the record of older versions in state `deleted`, once nothing else is left of them. */
  forget(tenant: string, document: string, versions: readonly number[]): Promise<void>;

  status(tenant: string, document: string): Promise<DocumentStatus | undefined>;
  /** By id, after `cursor`; `state` filters by the newest version's state. */
  list(tenant: string, page: PageRequest): Promise<Omit<DocumentStatus, 'history'>[]>;
  receipt(tenant: string, document: string): Promise<ErasureReceipt | undefined>;

  /** The version that searches should see, and where its parsed text lies. */
  live(tenant: string, document: string): Promise<LiveVersion | undefined>;

  /**
   * Live versions of documents that are not being deleted, over all tenants, by tenant and document ascending by code
   * point, behind `after`.
   */
  allLive(after: DocumentName | undefined, limit: number): Promise<SearchableVersion[]>;

  /** How many those are. */
  countLive(): Promise<number>;

  /** Versions in a state that is not final, untouched since `before` (epoch ms), oldest first. */
  stalled(before: number, limit: number): Promise<StalledVersion[]>;

  /** How many documents of a tenant have a newest version in a state that is not final; counts no further than `atMost`. */
  unfinished(tenant: string, atMost: number): Promise<number>;

  /** Documents by state, over all tenants or one. */
  counts(tenant?: string): Promise<Record<DocumentState, number>>;
}

export interface RemovedRecords {
  readonly versions: number;
  readonly deadLetters: number;
}

export interface EndOfErasure {
  readonly receipt: ErasureReceipt;
  readonly audit: NewAuditEntry;
}

export interface NewVersion {
  readonly tenant: string;
  readonly document: string;
  readonly title?: string | undefined;
  /** SHA-256 of everything that makes this content: text or bytes, title, metadata, access list, media type. */
  readonly contentHash: string;
  /** The same without metadata and access list: what is read, cut and embedded. */
  readonly bodyHash: string;
  /** When its source began to be stored, epoch ms. */
  readonly at: number;
  /** Blob key of the source, stored before. */
  readonly source: string;
  /**
   * The announcing event, given the version number that was assigned and, when the live version has the same body, the
   * blob key of its parsed text. May be called more than once.
   */
  readonly announce: (version: number, earlier?: string) => OutboxEvent;
  /** For 24 hours the same key and request get the same answer. */
  readonly idempotency?: { readonly key: string; readonly requestHash: string } | undefined;
  /** The event that asks for it, when one does. */
  readonly event?: PushedEvent | undefined;
}

/**
 * An event of a sender. The last 32 of each document are known, over its deletes as well: one of them again changes
 * nothing and gets its first answer (`repeated`), whatever came after it, and with another `requestHash` it rejects with `idempotency_conflict`.
 * They are forgotten first in, first out and never by time, so that a whole series, read again from its beginning,
 * ends as it did the first time however long it is.
 */
export interface PushedEvent {
  readonly key: string;
  readonly requestHash: string;
  /**
   * Of a replay: when it was given up first, epoch ms, which is when it counts as said. Where something newer was said of
   * the document by then, nothing happens (`overtaken`). Else it is said now.
   */
  readonly givenUpAt?: number | undefined;
  /**
   * Of one out of `documents.v1`. The record at that place may have failed before: where its letter is still kept, this is
   * its replay, said when the letter says, and the letter goes; where it is gone, sent or erased, nothing happens
   * (`overtaken`).
   *
   * Of one that is no replay, the furthest one of each document is known: at that place or before it, an event comes again as
   * it did, so that a known one changes nothing at all, and one that is not known is too late (`overtaken`). A known one at
   * a later place was said there: the version that it made is as young as that, if it is the newest.
   */
  readonly place?: LogPlace | undefined;
}

export interface AcceptedVersion {
  readonly document: string;
  readonly version: number;
  readonly state: DocumentState;
  /**
   * `repeated`: the answer to an earlier request with the same Idempotency-Key or for the same event. `overtaken`: the
   * version that a replay, or a record that comes again, came too late for.
   */
  readonly outcome: 'accepted' | 'duplicate' | 'restarted' | 'repeated' | 'overtaken';
  /** A source blob that nothing refers to from now on. */
  readonly spare?: string | undefined;
}

/**
 * A delete was accepted after this source began to be stored, and its erasure may have taken the source with it:
 * store it again, then ask again with an `at` that is not before `deletedAt`.
 */
export interface BeforeDelete {
  readonly outcome: 'before-delete';
  readonly deletedAt: number;
}

export interface Withdrawal {
  readonly tenant: string;
  readonly document: string;
  readonly at: number;
  readonly announce: (version: number) => OutboxEvent;
  /** Written where a delete begins, or begins again. */
  readonly audit: NewAuditEntry;
  /** The event that asks for it, when one does: then a document that was never there is deleted, too, to be known. */
  readonly event?: PushedEvent | undefined;
}

export interface Step extends DocumentVersion {
  /** `deleted`: overtaken by a newer version. Deletes end through `completeErasure`. */
  readonly state: 'parsed' | 'embedded' | 'indexed' | 'deleted';
  readonly at: number;
  readonly chunks?: number | undefined;
  /** Blob key of the parsed text, once parsed. */
  readonly parsed?: string | undefined;
  /** The event that takes the version on from this state, for the reconciler. */
  readonly resume?: OutboxEvent | undefined;
  /** Of `indexed`: catalogue names of models whose index has it. Default: the one that serves. */
  readonly models?: readonly string[] | undefined;
  /** Where it was found or put: that of an earlier preparation counts for nothing. Default: the model's by the plan. */
  readonly collection?: string | undefined;
  /** Of `indexed`: the event that asks for its vectors of another model of the plan. */
  readonly wish?:
    ((model: string, text: Pick<SearchableVersion, 'parsed' | 'chunks'>) => OutboxEvent) | undefined;
}

export interface PageRequest {
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly state?: DocumentState | undefined;
}

export interface KeptVersion extends DocumentVersion {
  readonly state: DocumentState;
  readonly operation: 'upsert' | 'delete';
  /** Blob keys; a delete has none. */
  readonly source?: string | undefined;
  readonly parsed?: string | undefined;
  readonly acceptedAt: number;
  /** When it was said last: accepted, or pushed again with the same content, or for a replay given up. */
  readonly saidAt: number;
}

export interface LiveVersion {
  readonly version: number;
  readonly title?: string | undefined;
  readonly parsed?: string | undefined;
}

export interface DocumentName {
  readonly tenant: string;
  readonly document: string;
}

export interface SearchableVersion extends DocumentVersion {
  /** When it last moved, epoch ms. */
  readonly updatedAt: number;
  /** Blob key. */
  readonly parsed: string;
  readonly chunks: number;
}

export interface StalledVersion extends DocumentVersion {
  readonly state: DocumentState;
  readonly updatedAt: number;
  /** How often it was sent again since it last moved. */
  readonly resends: number;
  /** The event that takes it on from its state. */
  readonly resume: OutboxEvent;
}

/** The one record of which embedding models documents can be searched by. */
export interface ModelPlanRegistry {
  /** Undefined while none was ever switched. */
  read(): Promise<{ readonly plan: ModelPlan; readonly revision: number } | undefined>;
  /**
   * Replaces the plan that was read with that revision, 0 where there was none, and what goes along in the same transaction.
   * Nothing is changed when another has been written meanwhile (`overtaken`), nor when another model is to serve and is
   * in arrears (`behind`): whatever is `indexed` by the end of the transaction is in the index of the model that serves.
   * Arrears of models that are no longer in the plan go.
   */
  write(plan: ModelPlan, revision: number, along?: AlongWithPlan): Promise<PlanWritten>;
}

export type PlanWritten = 'written' | 'overtaken' | 'behind';

export interface AlongWithPlan {
  readonly events?: readonly OutboxEvent[] | undefined;
  /** Where somebody decided it; a step by the way needs none. */
  readonly audit?: NewAuditEntry | undefined;
  /** What the back-fill found lacking in a model's index, and asks for by `events`. */
  readonly lacking?: readonly (DocumentVersion & { readonly model: string })[] | undefined;
  /** When it was asked for, epoch ms. */
  readonly at?: number | undefined;
}

/** A version that is `indexed` and not known to be in the index of a model of the plan. */
export interface Arrear extends DocumentVersion {
  /** Catalogue name. */
  readonly model: string;
  /** Found by the back-fill. */
  readonly fill: boolean;
  /** Blob key. */
  readonly parsed: string;
  readonly chunks: number;
}

/**
 * What stands between a model and serving. Arrears come about with the step to `indexed` and with the back-fill, and go when
 * a step says that the model's index has that version or a newer one.
 */
export interface Arrears {
  /** Documents; or only those found by the back-fill and asked for no more than so often. */
  count(model: string, filled?: { readonly asks: number }): Promise<number>;
  /** Of these documents those in arrears. */
  among(model: string, names: readonly DocumentName[]): Promise<DocumentName[]>;
  /** Those asked for last longer before that time than `pauseMs` for each time they were, the longest first. */
  due(before: number, pauseMs: number, limit: number): Promise<Arrear[]>;
  /** Versions that are in the index of a model and not called `indexed` yet. */
  held(model: string, limit: number): Promise<DocumentVersion[]>;
  /** They are asked for once more, by these events. */
  askAgain(arrears: readonly Arrear[], at: number, events: readonly OutboxEvent[]): Promise<void>;
}

/** What the operator sets for each tenant, of one kind. */
export interface TenantSetting<T> {
  /** Undefined while none was ever set. */
  read(tenant: string): Promise<T | undefined>;
  /** In place of the one before. */
  write(tenant: string, value: T, audit: NewAuditEntry): Promise<void>;
}

export interface Registry {
  readonly modelPlan: ModelPlanRegistry;
  readonly arrears: Arrears;
  readonly documents: DocumentRegistry;
  readonly outbox: Outbox;
  readonly access: AccessRegistry;
  /** What tenants may use. */
  readonly quotas: TenantSetting<Quota>;
  /** What moderation does about their questions and answers. */
  readonly moderationPolicies: TenantSetting<ModerationPolicy>;
  /** What a language model is told of their questions. */
  readonly prompts: PromptRegistry;
  readonly deadLetters: DeadLetterRegistry;
  readonly usage: UsageRegistry;
  readonly audit: AuditRegistry;
  healthy(): Promise<boolean>;
  close(): Promise<void>;
}
