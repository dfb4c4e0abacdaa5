import type { DocumentState } from '@millrace/contracts';

/** From lowest to highest; see `DocumentRegistry`. */
const order: readonly DocumentState[] = [
  ...(['accepted', 'parsed', 'embedded', 'dead-lettered', 'indexed', 'deleted'] as const),
];

interface ModelVersion {
  readonly operation: 'upsert' | 'delete';
  readonly content: string | undefined;
  /** All that was reported since it was last set going. */
  reported: DocumentState[];
  /** When it was last set going. */
  since: number;
  /** Origins of its dead letters. */
  letters: Set<string>;
}

/** What the registry should say of one document, in the plainest words: facts are kept, everything else follows. */
export class DocumentModel {
  newest = 0;
  live: number | undefined;
  readonly versions = new Map<number, ModelVersion>();
  readonly events: string[] = [];
  receiptOf: number | undefined;

  stateOf(version: number): DocumentState | undefined {
    const reported = this.versions.get(version)?.reported;
    return reported?.reduce((highest, state) => (rankOf(state) > rankOf(highest) ? state : highest));
  }

  accept(content: string, at: number): { version: number; outcome: string } {
    const newest = this.versions.get(this.newest);
    const state = this.stateOf(this.newest);
    if (newest?.operation !== 'upsert' || newest.content !== content || state === 'deleted')
      return { version: this.begin('upsert', content, at), outcome: 'accepted' };
    if (state !== 'dead-lettered') return { version: this.newest, outcome: 'duplicate' };
    this.restart(this.newest, 'accepted', at);
    return { version: this.newest, outcome: 'restarted' };
  }

  withdraw(at: number): { version: number; outcome: string } | undefined {
    if (this.newest === 0) return undefined;
    if (this.versions.get(this.newest)?.operation !== 'delete')
      return { version: this.begin('delete', undefined, at), outcome: 'accepted' };
    if (this.stateOf(this.newest) !== 'dead-lettered') return { version: this.newest, outcome: 'duplicate' };
    this.restart(this.newest, 'withdrawn', at);
    return { version: this.newest, outcome: 'restarted' };
  }

  advance(version: number, state: DocumentState): boolean {
    const found = this.versions.get(version);
    if (found?.operation !== 'upsert') return false;
    const moves = this.report(version, state);
    if (!moves) return false;
    found.letters.clear();
    if (state === 'indexed') {
      this.live = Math.max(this.live ?? 0, version);
      for (const [other, { operation, letters }] of this.versions)
        if (other < this.live && operation === 'upsert' && this.report(other, 'deleted')) letters.clear();
    }
    return true;
  }

  fail(version: number, origin: string, at: number): boolean {
    const found = this.versions.get(version);
    const state = this.stateOf(version);
    if (!found || state === 'indexed' || state === 'deleted' || at < found.since) return false;
    this.report(version, 'dead-lettered');
    found.letters.add(origin);
    return true;
  }

  replay(version: number, origin: string, at: number): boolean {
    const found = this.versions.get(version);
    if (!found?.letters.has(origin)) return false;
    this.restart(version, 'replayed', at);
    return true;
  }

  erase(version: number): void {
    if (this.versions.get(version)?.operation !== 'delete' || this.stateOf(version) === 'deleted') return;
    for (const other of [...this.versions.keys()]) if (other < version) this.versions.delete(other);
    this.report(version, 'deleted');
    this.versions.get(version)?.letters.clear();
    if (this.live !== undefined && this.live <= version) this.live = undefined;
    this.receiptOf = Math.max(this.receiptOf ?? 0, version);
  }

  forget(): void {
    for (const version of [...this.versions.keys()])
      if (version !== this.newest && this.stateOf(version) === 'deleted') this.versions.delete(version);
  }

  private begin(operation: 'upsert' | 'delete', content: string | undefined, at: number): number {
    const letters = new Set<string>();
    this.versions.set(++this.newest, { operation, content, reported: ['accepted'], since: at, letters });
    this.events.push(`${operation === 'upsert' ? 'accepted' : 'withdrawn'} ${this.newest}`);
    return this.newest;
  }

  private restart(version: number, topic: string, at: number): void {
    Object.assign(this.versions.get(version)!, { reported: ['accepted'], since: at, letters: new Set() });
    this.events.push(`${topic} ${version}`);
  }

  /** True when that is more than was known. */
  private report(version: number, state: DocumentState): boolean {
    const before = this.stateOf(version);
    this.versions.get(version)?.reported.push(state);
    return this.stateOf(version) !== before;
  }
}

const rankOf = (state: DocumentState): number => order.indexOf(state);
