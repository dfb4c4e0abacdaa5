import type { DocumentVersion } from '@millrace/contracts';
import type { NewAuditEntry, OutboxEvent, PendingEvent, Registry, Step } from '@millrace/ports';
import fc from 'fast-check';
import { expect } from 'vitest';

/** One thing that some process may do to a document at any time; versions are counted back from the newest it knows. */
export type Happening = {
  readonly document: number;
  readonly back: number;
} & (
  | { readonly kind: 'accept'; readonly content: string }
  | { readonly kind: 'advance'; readonly state: Step['state'] }
  | { readonly kind: 'withdraw' | 'fail' | 'replay' | 'erase' | 'forget' | 'resend' }
);

const where = { document: fc.nat({ max: 2 }), back: fc.nat({ max: 2 }) };
const plain = fc.constantFrom('withdraw', 'fail', 'fail', 'replay', 'replay', 'erase', 'forget', 'resend');

export const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      ...where,
      kind: fc.constant('accept' as const),
      content: fc.constantFrom('x', 'y', 'z'),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      ...where,
      kind: fc.constant('advance' as const),
      state: fc.constantFrom<Step['state']>('parsed', 'embedded', 'indexed', 'indexed'),
    }),
  },
  { weight: 8, arbitrary: fc.record({ ...where, kind: plain }) },
);

export const versionOf = ({ value }: OutboxEvent): number => (JSON.parse(value) as DocumentVersion).version;

/** Walkers that change the same few documents through different registries, and what must be true afterwards. */
export class Crowd {
  private time = 1_750_000_000_000;
  /** Versions that a change was acknowledged as having made, by document. */
  private readonly made = new Map<string, number[]>();
  /** `document version` of every step to `indexed` that counted, with those that set the version back. */
  private readonly answers: string[] = [];

  constructor(
    private readonly registries: readonly Registry[],
    private readonly tenant: string,
  ) {}

  async walk(walker: number, steps: readonly Happening[]): Promise<void> {
    for (const [index, step] of steps.entries())
      await this.step(this.registries[(walker + index) % this.registries.length]!, step);
  }

  async check(): Promise<void> {
    const pending = await this.registries[0]!.outbox.pending(1_000_000);
    for (const [document, versions] of this.made) {
      const announced = pending.filter(({ key }) => key === `${this.tenant}/${document}`);
      this.checkNumbers(versions, announced);
      await this.checkStates(document, versions.length);
    }
    expect(this.answers.filter((answer, index) => this.answers.indexOf(answer) !== index)).toEqual([]);
  }

  private async step(registry: Registry, one: Happening): Promise<void> {
    const document = `doc-${one.document}`;
    const { tenant } = this;
    const at = ++this.time;
    const version = Math.max(1, (this.made.get(document)?.length ?? 0) - one.back);
    const which = { tenant, document, version };
    const { documents, deadLetters } = registry;
    switch (one.kind) {
      case 'accept':
        return this.accept(registry, document, one.content);
      case 'withdraw':
        return this.note(
          await documents.withdraw({
            tenant,
            document,
            at,
            announce: this.announce(document),
            audit: this.entry(at),
          }),
        );
      case 'advance':
        if ((await documents.advance({ ...which, state: one.state, at })) && one.state === 'indexed')
          this.answers.push(`${document} ${version} indexed`);
        return;
      case 'fail':
        await deadLetters.record({
          ...{
            id: `${tenant} ${document} ${version}`,
            tenant,
            origin: 'accepted',
            subject: which,
            at,
            saidAt: at,
          },
          ...{ reason: { code: 'no_text', message: '' }, attempts: 1 },
          replay: this.announce(document)(version),
        });
        return;
      case 'replay':
        return this.replay(registry, `${tenant} ${document} ${version}`, at);
      case 'erase':
        return documents.completeErasure(which, () => ({
          receipt: {
            ...{ id: document, version, removed: [] },
            requested_at: new Date(at).toISOString(),
            completed_at: new Date(at).toISOString(),
          },
          audit: this.entry(at),
        }));
      case 'forget':
        return documents.forget(tenant, document, [version]);
      case 'resend':
        for (const stalled of await documents.stalled(at, 3)) await documents.resend(stalled, at);
    }
  }

  private entry(at: number): NewAuditEntry {
    const what = { action: 'document.delete', object: 'document', outcome: 'done', details: {} } as const;
    return { tenant: this.tenant, at, actor: { name: 'crowd' }, ...what };
  }

  private async accept(registry: Registry, document: string, content: string): Promise<void> {
    const accepted = await registry.documents.accept({
      ...{ tenant: this.tenant, document, contentHash: content, bodyHash: content, source: content },
      at: ++this.time,
      announce: this.announce(document),
    });
    // A delete that began later may have been registered earlier; then the source is stored and sent again.
    if (accepted.outcome === 'before-delete') return this.accept(registry, document, content);
    this.note(accepted);
  }

  private async replay({ deadLetters }: Registry, id: string, at: number): Promise<void> {
    const letter = await deadLetters.find(id);
    if (letter) await deadLetters.replay(letter, at, { audit: this.entry(at) });
  }

  private note(made: { document: string; version: number; outcome: string } | undefined): void {
    if (made?.outcome !== 'accepted') return;
    const { document, version } = made;
    this.made.set(document, [...(this.made.get(document) ?? []), version]);
  }

  /** No number was given twice or left out, and every one was announced, in order. */
  private checkNumbers(versions: readonly number[], announced: readonly PendingEvent[]): void {
    const numbers = Array.from({ length: versions.length }, (_, index) => index + 1);
    expect(versions.toSorted((a, b) => a - b)).toEqual(numbers);
    expect([...new Set(announced.map(versionOf))]).toEqual(numbers);
  }

  /** The document is its newest version; what is live is indexed, and nothing older is left in a state of its own. */
  private async checkStates(document: string, newest: number): Promise<void> {
    const { documents, deadLetters } = this.registries[1]!;
    const status = await documents.status(this.tenant, document);
    const versions = await documents.versions(this.tenant, document);
    expect(status).toMatchObject({ version: newest, state: versions.at(-1)?.state });
    expect(versions.at(-1)?.version).toBe(newest);
    const indexed = versions.filter(({ state }) => state === 'indexed').map(({ version }) => version);
    expect(indexed).toEqual(status?.live_version === undefined ? [] : [status.live_version]);
    for (const { version, operation, state } of versions)
      if (operation === 'upsert' && version < (status?.live_version ?? 0)) expect(state).toBe('deleted');
    const letters = await deadLetters.page({ tenant: this.tenant, limit: 10_000 });
    expect(
      letters
        .filter(({ subject }) => subject?.document === document)
        .map(({ subject }) => subject!.version)
        .sort((a, b) => a - b),
    ).toEqual(versions.filter(({ state }) => state === 'dead-lettered').map(({ version }) => version));
  }

  private announce =
    (document: string) =>
    (version: number): OutboxEvent => ({
      ...{ topic: 'changed', key: `${this.tenant}/${document}`, headers: {} },
      value: JSON.stringify({ tenant: this.tenant, document, version }),
    });
}
