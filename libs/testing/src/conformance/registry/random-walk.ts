import type { Step } from '@millrace/ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Desk } from './fixtures.ts';
import { DocumentModel } from './model.ts';

/** One thing that may happen to a document at any time; versions are counted back from the newest. */
type Happening =
  | { readonly kind: 'accept'; readonly content: string }
  | { readonly kind: 'withdraw' }
  | { readonly kind: 'advance'; readonly back: number; readonly state: Step['state'] }
  | { readonly kind: 'fail' | 'replay'; readonly back: number; readonly origin: string }
  | { readonly kind: 'old-letter'; readonly back: number }
  | { readonly kind: 'resend' | 'forget' }
  | { readonly kind: 'erase'; readonly back: number };

const back = fc.integer({ min: -1, max: 3 });
const origin = fc.constantFrom('accepted', 'chunked');
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('accept' as const), content: fc.constantFrom('x', 'y', 'z') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('withdraw' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      back,
      state: fc.constantFrom<Step['state']>('parsed', 'embedded', 'indexed', 'indexed', 'deleted'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('fail' as const, 'replay' as const), back, origin }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('old-letter' as const), back }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('resend' as const, 'forget' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('erase' as const), back }) },
);

export function randomWalkChecks(open: () => Desk): void {
  describe('whatever happens, in whatever order', () => {
    it('agrees with a plain model, answer by answer', async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(happening, { minLength: 4, maxLength: 24 }), async (happenings) => {
          const walk = new Walk(open(), `doc-${run++}`);
          for (const one of happenings) await walk.step(one);
          await walk.compare();
        }),
        { numRuns: 120 },
      );
    });

    it('agrees also when documents change at once', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(happening, { minLength: 4, maxLength: 12 }), { minLength: 5, maxLength: 8 }),
          async (walks) => {
            const desk = open();
            await Promise.all(
              walks.map(async (happenings, n) => {
                const walk = new Walk(desk, `doc-${n}`);
                for (const one of happenings) await walk.step(one);
                await walk.compare();
              }),
            );
          },
        ),
        { numRuns: 20 },
      );
    });
  });
}

/** Does the same to the registry and to the model, and compares. */
class Walk {
  private readonly model = new DocumentModel();

  constructor(
    private readonly desk: Desk,
    private readonly document: string,
  ) {}

  async step(one: Happening): Promise<void> {
    const { desk, document, model } = this;
    switch (one.kind) {
      case 'accept': {
        const at = desk.now();
        const { version, outcome } = await desk.accept(document, one.content, { at });
        return expect({ version, outcome }).toEqual(model.accept(one.content, at));
      }
      case 'withdraw':
        return this.compareWithdrawals();
      case 'advance': {
        const version = model.newest - one.back;
        return expect(await desk.advance(document, version, one.state)).toBe(
          model.advance(version, one.state),
        );
      }
      case 'fail':
        return this.fail(model.newest - one.back, one.origin, desk.now());
      case 'old-letter':
        return this.fail(model.newest - one.back, 'accepted', 1);
      case 'replay':
        return this.replay(model.newest - one.back, one.origin);
      case 'resend':
        return this.resendFirst();
      case 'erase':
        model.erase(model.newest - one.back);
        return desk.erase(document, model.newest - one.back);
      case 'forget':
        model.forget();
        return desk.documents.forget(desk.tenant, document, upTo(model.newest));
    }
  }

  /** Everything that can be asked of the document. */
  async compare(): Promise<void> {
    const { desk, document, model } = this;
    const status = await desk.documents.status(desk.tenant, document);
    expect(status?.version ?? 0).toBe(model.newest);
    expect(status?.state).toBe(model.stateOf(model.newest));
    expect(status?.live_version).toBe(model.live);
    expect(status?.reason !== undefined).toBe(status?.state === 'dead-lettered');
    const versions = await desk.documents.versions(desk.tenant, document);
    expect(versions.map(({ version, state }) => [version, state])).toEqual(
      [...model.versions.keys()].map((version) => [version, model.stateOf(version)]),
    );
    expect(await desk.announced(document)).toEqual(model.events);
    expect((await desk.documents.receipt(desk.tenant, document))?.version).toBe(model.receiptOf);
    expect(await this.letters()).toEqual(this.modelLetters());
    expect((await this.stalled()).map(({ version }) => version)).toEqual(this.openVersions());
  }

  private async compareWithdrawals(): Promise<void> {
    const withdrawn = await this.desk.withdraw(this.document);
    const expected = this.model.withdraw(this.desk.now());
    expect(withdrawn && { version: withdrawn.version, outcome: withdrawn.outcome }).toEqual(expected);
  }

  private async fail(version: number, origin: string, at: number): Promise<void> {
    const kept = await this.desk.fail(this.document, version, {
      ...{ id: this.letterId(version, origin), origin, at },
      replay: this.desk.event('replayed', this.document, version),
    });
    expect(kept).toBe(this.model.fail(version, origin, at));
  }

  private async replay(version: number, origin: string): Promise<void> {
    const { deadLetters } = this.desk.registry;
    const at = this.desk.now();
    const letter = await deadLetters.find(this.letterId(version, origin));
    const replayed = letter !== undefined && (await this.desk.replay(letter, at));
    expect(replayed).toBe(this.model.replay(version, origin, at));
  }

  private async resendFirst(): Promise<void> {
    const [first] = await this.stalled();
    if (!first) return;
    expect(await this.desk.documents.resend(first, this.desk.now())).toBe(true);
    this.model.events.push(`${first.resume.topic} ${first.version}`);
  }

  private async stalled() {
    const all = await this.desk.stalled();
    return all.filter(({ document }) => document === this.document).sort((a, b) => a.version - b.version);
  }

  private async letters(): Promise<string[]> {
    const { tenant } = this.desk;
    const all = await this.desk.registry.deadLetters.page({ tenant, limit: 10_000 });
    return all
      .filter(({ subject }) => subject?.document === this.document)
      .map(({ subject, origin }) => `${subject!.version} ${origin}`)
      .sort();
  }

  private modelLetters(): string[] {
    const all = [...this.model.versions].flatMap(([version, { letters }]) =>
      [...letters].map((letter) => `${version} ${letter}`),
    );
    return all.sort();
  }

  private openVersions(): number[] {
    const final = ['indexed', 'deleted', 'dead-lettered'];
    return [...this.model.versions.keys()].filter((version) => !final.includes(this.model.stateOf(version)!));
  }

  private letterId = (version: number, origin: string): string =>
    `${this.desk.tenant} ${this.document} ${version} ${origin}`;
}

const upTo = (newest: number): number[] => Array.from({ length: newest }, (_, n) => n + 1);
