import type {
  AuditAction,
  AuditActor,
  AuditDetails,
  AuditEntry,
  AuditHead,
  AuditOutcome,
} from '@millrace/contracts';

/**
 * What was done and decided, a chain for each tenant: every entry carries the hash of the one before. What changes the
 * registry brings its entry along, and both are one transaction. Entries are never changed and never go: the store
 * refuses it, whoever asks.
 */
export interface AuditRegistry {
  /** At the end of its tenant's chain, of which no two processes ever make two. */
  append(entry: NewAuditEntry): Promise<void>;
  /** The same, unless the chain has an entry of this action and object. */
  appendOnce(entry: NewAuditEntry): Promise<void>;
  /** In the order of the chain, or from its end. */
  page(query: AuditPageQuery): Promise<AuditEntry[]>;
  /** Of all chains, by tenant, or of one. A chain without entries is none. */
  heads(tenant?: string): Promise<AuditHead[]>;
}

/** Texts are cut after 256 UTF-16 units, lists after 64 items; what is no text (NUL, half a character) becomes U+FFFD. */
export interface NewAuditEntry {
  /** Whose chain it goes into. */
  readonly tenant: string;
  /** Epoch ms. */
  readonly at: number;
  readonly actor: AuditActor;
  readonly action: AuditAction;
  readonly object: string;
  readonly outcome: AuditOutcome;
  /** Names, counts and categories; never what documents and chats say. */
  readonly details: AuditDetails;
}

export interface AuditPageQuery {
  readonly tenant: string;
  readonly order: 'asc' | 'desc';
  /** The last entry of the page before. */
  readonly cursor?: number | undefined;
  readonly action?: AuditAction | undefined;
  /** Only entries of this time or later, epoch ms. */
  readonly from?: number | undefined;
  /** Only entries before this time, epoch ms. */
  readonly to?: number | undefined;
  readonly limit: number;
}
