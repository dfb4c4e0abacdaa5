import { createHash } from 'node:crypto';
import { chainStart, hashedText, type AuditEntry, type AuditHead } from '@millrace/contracts';

export interface Misfit {
  readonly tenant: string;
  /** The first place in the chain where something does not fit. */
  readonly sequence: number;
  readonly why: string;
}

/** Follows a chain from its first entry to its head or beyond, and stops at the first that does not fit. */
export class ChainCheck {
  misfit: Misfit | undefined;
  private sequence = 0;
  private hash = chainStart;

  /** @param wanted hashes that were noted before: those that are found are taken out */
  constructor(
    private readonly head: AuditHead,
    private readonly wanted: Set<string> = new Set(),
  ) {}

  /** How many entries fit. */
  get checked(): number {
    return this.sequence;
  }

  /** False when this entry, or one before, does not fit. */
  take(entry: AuditEntry): boolean {
    if (this.misfit) return false;
    const why = this.whyMisfit(entry);
    if (why !== undefined) return this.fail(this.sequence + 1, why);
    this.sequence = entry.sequence;
    this.hash = entry.hash;
    this.wanted.delete(entry.hash);
    return true;
  }

  /** Entries that came after the head do no harm; that the chain ends before it does. */
  end(): void {
    if (this.misfit || this.sequence >= this.head.sequence) return;
    this.fail(this.sequence + 1, `it is missing: the chain was ${this.head.sequence} entries long`);
  }

  private whyMisfit(entry: AuditEntry): string | undefined {
    if (entry.tenant !== this.head.tenant) return `it is of another chain (${entry.tenant})`;
    if (entry.sequence !== this.sequence + 1) return `entry ${entry.sequence} is in its place`;
    if (entry.previous !== this.hash) return 'it does not follow from the entry before';
    const hash = createHash('sha256').update(hashedText(entry)).digest('hex');
    if (hash !== entry.hash) return 'it does not have its hash: it was changed';
    const isOther = entry.sequence === this.head.sequence && hash !== this.head.hash;
    return isOther ? 'it is not the one that the head of the chain names' : undefined;
  }

  private fail(sequence: number, why: string): false {
    this.misfit = { tenant: this.head.tenant, sequence, why };
    return false;
  }
}
