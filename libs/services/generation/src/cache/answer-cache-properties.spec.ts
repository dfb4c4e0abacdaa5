import {
  calls,
  documentKey,
  documentVersionKey,
  type Principal,
  type SearchResult,
} from '@millrace/contracts';
import type { Generator } from '@millrace/ports';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Answer } from '../answers/answer.ts';
import type { Answerer } from '../answers/answerer.ts';
import { allow, answering, asked, collect, passage } from '../testing/answering.ts';

const tenants = ['acme', 'bolt'] as const;
const names = ['ann', 'bob'] as const;
const questions = ['What is at the mill?', 'What is at the weir?'] as const;
const documents = ['a', 'b', 'c'] as const;

type Tenant = (typeof tenants)[number];
interface Ask {
  readonly does: 'ask';
  readonly tenant: Tenant;
  readonly name: string;
  readonly question: string;
  readonly by: 'model' | 'extracts';
  /** How many ask it at once. */
  readonly crowd: number;
}
interface Write {
  readonly does: 'write';
  readonly tenant: Tenant;
  readonly document: string;
  /** Who alone may see it. */
  readonly reader: string | undefined;
}
interface Remove {
  readonly does: 'delete' | 'tidy';
  readonly tenant: Tenant;
  readonly document: string;
}
interface Redact {
  readonly does: 'redact';
  readonly tenant: Tenant;
  readonly isOn: boolean;
}
type Step = Ask | Write | Remove | Redact;

const tenant = fc.constantFrom(...tenants);
const document = fc.constantFrom(...documents);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      ...{ does: fc.constant('ask' as const), tenant, name: fc.constantFrom(...names) },
      ...{
        question: fc.constantFrom(...questions),
        by: fc.constantFrom('model' as const, 'extracts' as const),
      },
      crowd: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ does: fc.constant('write' as const), tenant, document },
      reader: fc.constantFrom(undefined, ...names),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constantFrom('delete' as const, 'tidy' as const), tenant, document }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('redact' as const), tenant, isOn: fc.boolean() }) },
);

interface Kept {
  readonly version: number;
  readonly text: string;
  /** Who alone may see it. */
  readonly reader: string | undefined;
}

/** Documents, who may see them and what is redacted, with no cache; and an answerer with one. */
class World {
  readonly at = answering();
  /** Answers told again or along with another. */
  given = 0;
  private readonly answerer: Answerer;
  private readonly kept = new Map<string, Kept>();
  private readonly newest = new Map<string, number>();
  private readonly redacting = new Set<string>();
  private readonly overtaken = new Map<string, number[]>();
  /** What must be nowhere any more. */
  private readonly gone: string[] = [];

  constructor() {
    const { replies } = this.at;
    replies.set(calls.findPassages, ({ principal }: { principal: Principal }) => ({
      results: this.seenBy(principal.tenant, principal.name),
      model: 'e',
    }));
    replies.set(calls.moderate, ({ tenant, text }: { tenant: string; text: string }) => ({
      ...allow({ text }),
      text: this.leaving(tenant, text),
      policy: { version: `redacts: ${this.redacting.has(tenant)}`, policy: {} },
    }));
    this.answerer = this.at.answerer(this.model(), { maxAnswers: 8, sourceChars: 10_000 });
  }

  async take(step: Step): Promise<void> {
    const { tenant } = step;
    if (step.does === 'redact') this.redacting[step.isOn ? 'add' : 'delete'](tenant);
    else if (step.does === 'write') this.write(tenant, step.document, step.reader);
    else if (step.does === 'ask') await this.ask(step);
    else if (step.does === 'tidy') await this.tidy(tenant, step.document);
    else await this.erase(tenant, step.document);
    for (const text of this.gone) expect(this.at.cache.texts).not.toContain(text);
  }

  private async ask({ tenant, name, question, by, crowd }: Ask): Promise<void> {
    const told = Array.from({ length: crowd }, () =>
      collect(this.answerer.answer(this.question(tenant, name, question, by))),
    );
    const seen = this.seenBy(tenant, name);
    for (const { text, end, error } of await Promise.all(told)) {
      expect(error).toBeUndefined();
      if (by === 'model')
        expect(text).toBe(
          this.leaving(
            tenant,
            saidOf(
              question,
              seen.map((one) => one.text),
            ),
          ),
        );
      expect(textsIn(text)).toEqual(textsIn(this.leaving(tenant, seen.map((one) => one.text).join())));
      expect(citedBy(end)).toEqual(seen.map(({ document_id, version }) => `${version}@${document_id}`));
    }
  }

  private question(tenant: string, name: string, content: string, by: 'model' | 'extracts') {
    const usual = asked({
      ...{ messages: [{ role: 'user', content }], temperature: 0 },
      ...(by === 'extracts' && { model: 'millrace-extractive' }),
    });
    const onCache = (outcome: string) => void (outcome !== 'miss' && (this.given += 1));
    return { ...usual, principal: { ...usual.principal, tenant, name }, onCache };
  }

  private write(tenant: string, document: string, reader: string | undefined): void {
    const key = documentKey({ tenant, document });
    const version = (this.newest.get(key) ?? 0) + 1;
    const before = this.kept.get(key);
    if (before) this.overtaken.set(key, [...(this.overtaken.get(key) ?? []), before.version]);
    this.newest.set(key, version);
    const text = `The secret of the mill and the weir is ${tenant}-${document}-${version}.`;
    this.kept.set(key, { version, text, reader });
  }

  /** Some time after a version was overtaken. */
  private async tidy(tenant: string, document: string): Promise<void> {
    const key = documentKey({ tenant, document });
    for (const version of this.overtaken.get(key) ?? []) {
      await this.at.cache.forget(documentVersionKey({ tenant, document, version }));
      this.gone.push(`${tenant}-${document}-${version}.`);
    }
    this.overtaken.delete(key);
  }

  private async erase(tenant: string, document: string): Promise<void> {
    const key = documentKey({ tenant, document });
    const { version } = this.kept.get(key) ?? {};
    this.kept.delete(key);
    this.newest.set(key, (this.newest.get(key) ?? 0) + 1);
    await this.at.cache.forget(key);
    if (version !== undefined) this.gone.push(`${tenant}-${document}-${version}.`);
  }

  private seenBy(tenant: string, name: string): SearchResult[] {
    return documents.flatMap((id) => {
      const { version, text, reader } = this.kept.get(documentKey({ tenant, document: id })) ?? {};
      if (text === undefined || version === undefined || (reader !== undefined && reader !== name)) return [];
      const chunk_id = `${tenant}/${id}/${version}`;
      return [
        { ...passage, document_id: id, chunk_id, version, text, start: 0, end: text.length, title: id },
      ];
    });
  }

  private leaving(tenant: string, text: string): string {
    return this.redacting.has(tenant) ? text.replaceAll('secret', '***') : text;
  }

  /** Says its sources again, and cites each. */
  private model(): Generator {
    return {
      ...this.at.backEnd(),
      async *generate(request) {
        const prompt = 'messages' in request ? (request.messages.at(-1)!.content as string) : '';
        const question = prompt.slice(prompt.lastIndexOf('\n') + 1);
        yield { type: 'start', model: 'm' };
        yield { type: 'delta', choice: 0, delta: { content: saidOf(question, textsIn(prompt)) } };
        yield { type: 'end', finishReasons: ['stop'], usage: { promptTokens: 1, completionTokens: 1 } };
      },
    };
  }
}

const textsIn = (text: string): string[] =>
  text.match(/The (?:secret|\*\*\*) of the mill and the weir is [\w-]+\./g) ?? [];
const saidOf = (question: string, texts: readonly string[]): string =>
  [question, ...texts.map((text, at) => `${text} [${at + 1}]`)].join(' ');
const citedBy = (end: Answer | undefined): string[] =>
  end?.type === 'end' ? end.citations.map(({ document_id, version }) => `${version}@${document_id}`) : [];

it('whatever is written, hidden, deleted and redacted, answers are those of now and of who asks', async () => {
  let given = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const world = new World();
      for (const one of steps) await world.take(one);
      given += world.given;
    }),
    { numRuns: 60 },
  );
  expect(given).toBeGreaterThan(60);
});
