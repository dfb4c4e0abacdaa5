import type { DocumentState, DocumentStatus, DocumentVersion, ErasureReceipt } from '@millrace/contracts';
import type {
  AcceptedVersion,
  DeadLetterRecord,
  NewAuditEntry,
  NewVersion,
  OutboxEvent,
  PendingEvent,
  Registry,
  StalledVersion,
  Step,
} from '@millrace/ports';
import { expect } from 'vitest';
import { unique } from '../harness.ts';

/** A registry with a tenant of the test's own, a clock that moves with every call, and short words for changes. */
export class Desk {
  readonly tenant = unique('tenant');
  private time = 1_750_000_000_000;

  constructor(readonly registry: Registry) {}

  get documents() {
    return this.registry.documents;
  }

  /** Later than every time before. */
  now(): number {
    return ++this.time;
  }

  change(document: string, content: string, more: Partial<NewVersion> = {}): NewVersion {
    const at = more.at ?? this.now();
    return {
      tenant: this.tenant,
      document,
      contentHash: content,
      bodyHash: content,
      at,
      source: `${this.tenant}/source-${at}`,
      announce: (version) => this.event('accepted', document, version),
      ...more,
    };
  }

  async accept(document: string, content: string, more: Partial<NewVersion> = {}): Promise<AcceptedVersion> {
    const acceptance = await this.documents.accept(this.change(document, content, more));
    if (acceptance.outcome === 'before-delete') throw new Error('refused: before a delete');
    return acceptance;
  }

  withdraw(document: string): Promise<AcceptedVersion | undefined> {
    const announce = (version: number) => this.event('withdrawn', document, version);
    const audit = this.entry({ action: 'document.delete', object: `document:${document}` });
    return this.documents.withdraw({ tenant: this.tenant, document, at: this.now(), announce, audit });
  }

  advance(
    document: string,
    version: number,
    state: Step['state'],
    more: Partial<Step> = {},
  ): Promise<boolean> {
    return this.documents.advance({ ...this.of(document, version), state, at: this.now(), ...more });
  }

  /** Steps a version through to `indexed`. */
  async index(document: string, version: number): Promise<void> {
    for (const state of ['parsed', 'embedded', 'indexed'] as const)
      await this.advance(document, version, state);
  }

  letter(document: string, version: number, more: Partial<DeadLetterRecord> = {}): DeadLetterRecord {
    const at = more.at ?? this.now();
    return {
      id: `${this.tenant} ${document} ${version}`,
      tenant: this.tenant,
      origin: 'accepted',
      subject: this.of(document, version),
      reason: { code: 'no_text', message: 'There is no text.' },
      attempts: 1,
      at,
      saidAt: at,
      replay: this.event('accepted', document, version),
      ...more,
    };
  }

  /** One that is meant for a document and about no version of it, with an id of its own. */
  pushedLetter(document: string, more: Partial<DeadLetterRecord> = {}): DeadLetterRecord {
    const { subject: _subject, ...letter } = this.letter(document, 0);
    return { ...letter, id: `${letter.id} ${letter.at}`, document, ...more };
  }

  fail(document: string, version: number, more: Partial<DeadLetterRecord> = {}): Promise<boolean> {
    return this.registry.deadLetters.record(this.letter(document, version, more));
  }

  erase(document: string, version: number): Promise<void> {
    return this.documents.completeErasure(this.of(document, version), (removed) => ({
      receipt: this.receipt(document, version, removed),
      audit: this.entry({
        action: 'document.erase',
        object: `document:${document}`,
        details: { ...removed },
      }),
    }));
  }

  replay(
    letter: Pick<DeadLetterRecord, 'id' | 'at'>,
    at: number,
    correction?: OutboxEvent,
  ): Promise<boolean> {
    const audit = this.entry({ action: 'dead_letter.replay', object: `dead_letter:${letter.id}` });
    return this.registry.deadLetters.replay(letter, at, { correction, audit });
  }

  /** An audit entry in the tenant's chain. */
  entry(more: Partial<NewAuditEntry> = {}): NewAuditEntry {
    return {
      ...{
        tenant: this.tenant,
        at: this.now(),
        actor: { tenant: this.tenant, name: 'user:ann', key: 'k-1' },
      },
      ...{ action: 'tenant.create', object: `tenant:${this.tenant}`, outcome: 'done', details: {}, ...more },
    };
  }

  receipt(
    document: string,
    version: number,
    removed: { versions: number; deadLetters: number },
  ): ErasureReceipt {
    const at = new Date(this.now()).toISOString();
    return {
      ...{ id: document, version, requested_at: at, completed_at: at },
      removed: Object.entries(removed).map(([what, count]) => ({ store: 'registry', what, count })),
    };
  }

  of(document: string, version: number): DocumentVersion {
    return { tenant: this.tenant, document, version };
  }

  event(topic: string, document: string, version: number): OutboxEvent {
    const value = JSON.stringify({ tenant: this.tenant, document, version });
    return { topic, key: `${this.tenant}/${document}`, value, headers: { 'ce-id': `${topic}-${version}` } };
  }

  async status(document: string): Promise<DocumentStatus> {
    const status = await this.documents.status(this.tenant, document);
    expect(status).toBeDefined();
    return status!;
  }

  async stateOf(document: string): Promise<DocumentState> {
    return (await this.status(document)).state;
  }

  /** `1 accepted`, `1 parsed`, ... */
  async history(document: string): Promise<string[]> {
    return (await this.status(document)).history.map(({ version, state }) => `${version} ${state}`);
  }

  /** What stands still of this tenant. */
  async stalled(before: number = Number.MAX_SAFE_INTEGER): Promise<StalledVersion[]> {
    const all = await this.documents.stalled(before, 100_000);
    return all.filter(({ tenant }) => tenant === this.tenant);
  }

  /** What is still to be relayed of this tenant, oldest first. */
  async pending(): Promise<PendingEvent[]> {
    const all = await this.registry.outbox.pending(100_000);
    return all.filter(({ key }) => key.startsWith(`${this.tenant}/`));
  }

  /** Relays events and gives those of this tenant. */
  async relayed(limit: number): Promise<PendingEvent[]> {
    const all: PendingEvent[] = [];
    await this.registry.outbox.relay(limit, async (events) => void all.push(...events));
    return all.filter(({ key }) => key.startsWith(`${this.tenant}/`));
  }

  /** `accepted 1`, in the order in which they were registered, of one document or all. */
  async announced(document?: string): Promise<string[]> {
    const key = document && `${this.tenant}/${document}`;
    const events = (await this.pending()).filter((event) => !key || event.key === key);
    return events.map(({ topic, value }) => `${topic} ${(JSON.parse(value) as DocumentVersion).version}`);
  }
}
