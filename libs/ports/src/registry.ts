import type {
  DocumentState,
  DocumentStatus,
  DocumentVersion,
  ErasureReceipt,
  FailureReason,
  Principal,
} from '@millrace/contracts';

/**
 * What was accepted and how far it is: the truth that everything else can be rebuilt from. A change and the event
 * that announces it are one transaction.
 * Only ingestion and control use it.
 */
export interface DocumentRegistry {
  /**
   * Registers new content as the next version, unless `contentHash` is that of the newest version: then nothing
   * changes (`duplicate`), except that a dead-lettered version is set going again. The event built by `announce` is put
   * into the outbox in the same transaction.
   */
  accept(change: NewVersion): Promise<AcceptedVersion>;

  /** Registers a delete as the next version; undefined when there is nothing to delete. */
  withdraw(withdrawal: Withdrawal): Promise<AcceptedVersion | undefined>;

  /**
   * Moves a version forward: accepted -> parsed -> embedded -> indexed, or to dead-lettered or deleted. Steps back and
   * repeats change nothing and return false.
   */
  advance(step: Step): Promise<boolean>;

  /** Writes what an erasure removed and ends the version as `deleted`; earlier versions' records go. */
  completeErasure(version: DocumentVersion, receipt: ErasureReceipt): Promise<void>;

  status(tenant: string, document: string): Promise<DocumentStatus | undefined>;
  /** By id, after `cursor`; `state` filters by the newest version's state. */
  list(tenant: string, page: PageRequest): Promise<DocumentStatus[]>;
  receipt(tenant: string, document: string): Promise<ErasureReceipt | undefined>;

  /** The version that searches should see, and where its parsed text lies. */
  live(
    tenant: string,
    document: string,
  ): Promise<{ version: number; parsed?: string | undefined } | undefined>;

  /** Versions in a state that is not final, untouched since `before` (epoch ms), oldest first. */
  stalled(before: number, limit: number): Promise<StalledVersion[]>;

  /** Documents by state, over all tenants or one. */
  counts(tenant?: string): Promise<Record<DocumentState, number>>;
}

export interface NewVersion {
  readonly tenant: string;
  readonly document: string;
  readonly title?: string | undefined;
  /** SHA-256 of everything that makes this content: text or bytes, title, metadata, access list, media type. */
  readonly contentHash: string;
  readonly at: number;
  /** The source's blob key and the announcing event, given the version number that was assigned. */
  readonly announce: (version: number) => { readonly source: string; readonly event: OutboxEvent };
  readonly idempotency?: { readonly key: string; readonly requestHash: string } | undefined;
}

export interface AcceptedVersion {
  readonly version: number;
  readonly state: DocumentState;
  readonly outcome: 'accepted' | 'duplicate' | 'restarted';
}

export interface Withdrawal {
  readonly tenant: string;
  readonly document: string;
  readonly at: number;
  readonly announce: (version: number) => OutboxEvent;
}

export interface Step extends DocumentVersion {
  readonly state: DocumentState;
  readonly at: number;
  readonly chunks?: number | undefined;
  /** Blob key of the parsed text, once parsed. */
  readonly parsed?: string | undefined;
  readonly reason?: FailureReason | undefined;
}

export interface PageRequest {
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly state?: DocumentState | undefined;
}

export interface StalledVersion extends DocumentVersion {
  readonly state: DocumentState;
  readonly operation: 'upsert' | 'delete';
  readonly source: string;
  readonly parsed?: string | undefined;
  readonly acceptedAt: number;
  readonly updatedAt: number;
}

/** Events that are registered but not yet in the log. */
export interface Outbox {
  /** Oldest first. */
  pending(limit: number): Promise<PendingEvent[]>;
  relayed(ids: readonly number[]): Promise<void>;
  /** Adds an event outside a document change: a replay, a restart. */
  add(events: readonly OutboxEvent[]): Promise<void>;
}

export interface OutboxEvent {
  readonly topic: string;
  readonly key: string;
  /** JSON text of the event's data. */
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface PendingEvent extends OutboxEvent {
  readonly id: number;
}

/** Tenants and keys. Secrets are kept as SHA-256 only. */
export interface AccessRegistry {
  createTenant(name: string, at: number): Promise<boolean>;
  tenants(): Promise<{ name: string; createdAt: number }[]>;
  createKey(key: NewKey): Promise<void>;
  /** Without the hash. */
  keys(tenant?: string): Promise<KeyRecord[]>;
  revokeKey(id: string): Promise<boolean>;
  findKey(hash: string): Promise<Principal | undefined>;
}

export interface KeyRecord {
  readonly id: string;
  readonly name: string;
  readonly principal: Principal;
  readonly createdAt: number;
}
export interface NewKey extends KeyRecord {
  readonly hash: string;
}

/** What could not be handled, kept until it is replayed or erased. Carries no content. */
export interface DeadLetterRegistry {
  /** Same origin and subject again: replaced. */
  record(letter: DeadLetterRecord): Promise<void>;
  page(query: {
    tenant?: string | undefined;
    cursor?: string | undefined;
    limit: number;
  }): Promise<DeadLetterRecord[]>;
  find(id: string): Promise<DeadLetterRecord | undefined>;
  remove(id: string): Promise<boolean>;
}

export interface DeadLetterRecord {
  readonly id: string;
  readonly tenant: string;
  readonly origin: string;
  readonly subject?: DocumentVersion | undefined;
  readonly reason: FailureReason;
  readonly attempts: number;
  readonly at: number;
  /** What to publish where, to send it round again. */
  readonly replay: OutboxEvent;
}

export interface Registry {
  readonly documents: DocumentRegistry;
  readonly outbox: Outbox;
  readonly access: AccessRegistry;
  readonly deadLetters: DeadLetterRegistry;
  healthy(): Promise<boolean>;
  close(): Promise<void>;
}
