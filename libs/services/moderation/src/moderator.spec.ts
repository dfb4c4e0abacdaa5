import {
  MillraceError,
  moderationResponse,
  type calls,
  type CallInput,
  type CallOutput,
  type ModerationPolicy,
  type StatedPolicy,
} from '@millrace/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { KnownPolicies } from './known-policies.ts';
import { Moderator } from './moderator.ts';
import { classifying, WordClassifier, type ClassifyingOptions } from './testing/classifying.ts';

const { signal } = new AbortController();

let control: (tenant: string) => StatedPolicy;
beforeEach(() => {
  control = () => ({ version: 'v0', policy: {} });
});

const moderatorWith = (options?: ClassifyingOptions) => {
  const classifier = new WordClassifier();
  const asked: string[] = [];
  const caller = {
    call: async (_: unknown, { tenant }: { tenant: string }) => {
      asked.push(tenant);
      return control(tenant);
    },
  };
  const policies = new KnownPolicies(caller as never);
  const { classification } = classifying(classifier, options);
  return { moderator: new Moderator(classification, policies), classifier, asked };
};

let headers: Map<string, string>;
const classify = async (input: string) => {
  headers = new Map();
  const setHeader = (name: string, value: string) => void headers.set(name, value);
  const request = { body: { input }, principal: { tenant: 'acme' }, signal, setHeader };
  const { moderator } = moderatorWith();
  return moderationResponse.parse(await moderator.classify(request as never)).results[0]!;
};

/** `CreateModerationResponse` of OpenAI's description requires these of each result's three tables. */
const openai =
  'hate hate/threatening harassment harassment/threatening illicit illicit/violent self-harm self-harm/intent self-harm/instructions sexual sexual/minors violence violence/graphic'.split(
    ' ',
  );

describe('a text that is classified', () => {
  it('has all of OpenAI’s categories in each table', async () => {
    const { categories, category_scores, category_applied_input_types } = await classify('The mill grinds.');
    for (const table of [categories, category_scores, category_applied_input_types])
      expect(Object.keys(table)).toEqual(expect.arrayContaining(openai));
  });

  it('is not flagged for nothing, and says what it was not looked at for', async () => {
    const result = await classify('The mill grinds.');
    expect(result).toMatchObject({
      flagged: false,
      category_applied_input_types: { hate: ['text'], illicit: [] },
    });
  });

  it('is flagged with the best score of what was found', async () => {
    const { flagged, categories, category_scores } = await classify('Card 4111 1111 1111 1111.');
    expect([flagged, categories['pii/payment-card'], category_scores['pii/payment-card']]).toEqual([
      true,
      true,
      1,
    ]);
  });

  it('has the scores of the classifier, and is flagged for what it finds', async () => {
    const { flagged, categories, category_scores } = await classify('What a hateful thing to say.');
    expect([flagged, categories['hate'], category_scores['hate']]).toEqual([true, true, 0.9]);
    expect([categories['sexual'], category_scores['sexual']]).toEqual([false, 0.1]);
  });

  it('is read by the classifier as its words are meant', async () => {
    expect((await classify('What a h4t3ful thing t\u200bo say.')).categories['hate']).toBe(true);
  });
});

type Verdict = CallOutput<typeof calls.moderate>;

/** What moderation says of an answer that comes in these pieces. */
async function stream(pieces: readonly string[]) {
  const { moderator, classifier } = moderatorWith();
  const verdicts: Verdict[] = [];
  let held = '';
  for (const [at, piece] of pieces.entries()) {
    held += piece;
    const input = {
      ...({ tenant: 'acme', direction: 'output', text: held, final: at === pieces.length - 1 } as const),
      ...(verdicts.at(-1)?.next ?? { preceding: '', encoding: 'text' as const }),
    };
    const verdict = await moderator.moderate(input, { signal });
    verdicts.push(verdict);
    held = held.slice(verdict.holdFrom);
  }
  const released = verdicts.map(({ text }) => text);
  return { released, verdicts, asked: classifier.asked.map(({ text }) => text) };
}

describe('an answer of a chat', () => {
  const answer = 'The mill grinds corn. Nothing hateful was said of it, and the wheel turns by the river.';
  const pieces = answer.match(/.{1,7}/g)!;

  it('is flagged for what the classifier finds, and goes out whole', async () => {
    const { released, verdicts } = await stream(pieces);
    expect(released.join('')).toBe(answer);
    expect(verdicts.flatMap(({ findings }) => findings)).toEqual([
      { category: 'hate', action: 'flag', score: 0.9, start: 0, end: expect.any(Number) as number },
    ]);
  });

  it('leaves as it would without the classifier: nothing waits for it', async () => {
    const { released } = await stream(pieces);
    expect(released).toEqual(
      (await stream(pieces.map((piece) => piece.replace('hateful', 'notable')))).released.map((text) =>
        text.replace('notable', 'hateful'),
      ),
    );
  });

  it('is judged a stretch at a time, the same however it was cut', async () => {
    const { asked } = await stream(pieces);
    expect(asked.join('')).toBe(answer.toLowerCase());
    expect(asked.length).toBeLessThan(pieces.length / 2);
    expect((await stream([...answer])).asked).toEqual(asked);
  });

  it('is not judged when the rules block it', async () => {
    const { verdicts, asked } = await stream(['She told how to kill yourself: hang yourself with a rope.']);
    expect(verdicts[0]!.action === 'block' ? asked : ['not blocked']).toEqual([]);
  });
});

describe('the policy of a tenant', () => {
  const question = (text: string): CallInput<typeof calls.moderate> => ({
    ...{ tenant: 'acme', direction: 'input', preceding: '', text, encoding: 'text', final: true },
  });
  const under = async (policy: ModerationPolicy, text: string, options?: ClassifyingOptions) => {
    control = () => ({ version: 'v1', policy });
    return moderatorWith(options).moderator.moderate(question(text), { signal });
  };

  it('says what is done with what the rules find, and what stands in its place', async () => {
    const text = 'Write to jane@example.org or joe@example.org.';
    const { redactions, ...verdict } = await under(
      { categories: { 'pii/email': { input: 'redact' } } },
      text,
    );
    expect(verdict).toMatchObject({
      action: 'redact',
      text: 'Write to [redacted: e-mail address] or [redacted: e-mail address].',
      policy: { version: 'v1' },
    });
    expect(redactions?.map(({ start, end }) => text.slice(start, end))).toEqual([
      ...['jane@example.org', 'joe@example.org'],
    ]);
    expect((await under({ categories: { 'pii/email': { input: 'allow' } } }, text)).findings).toEqual([]);
  });

  it('says what is done with what the classifier finds, and from which score on', async () => {
    const text = 'A hateful question.';
    const blocking = (threshold?: number): ModerationPolicy => ({
      categories: { hate: { classifier: { input: 'block', ...(threshold && { threshold }) } } },
    });
    expect(await under(blocking(), text)).toMatchObject({ action: 'block', text: '', holdFrom: 0 });
    expect(await under(blocking(0.95), text)).toMatchObject({ action: 'allow', text, findings: [] });
    expect(
      (await under({ categories: { hate: { classifier: { input: 'allow' } } } }, text)).findings,
    ).toEqual([]);
    expect(
      (await under({ categories: { sexual: { classifier: { threshold: 0.05 } } } }, 'A text.')).findings,
    ).toEqual([{ category: 'sexual', action: 'flag', score: 0.1, start: 0, end: 7 }]);
  });

  it('says what becomes of a text that the classifier did not judge, before the settings do', async () => {
    const { moderator, classifier } = moderatorWith({ late: 'fail_open' });
    classifier.fault = new MillraceError('deadline_exceeded');
    expect(await moderator.moderate(question('A text.'), { signal })).toMatchObject({ action: 'allow' });
    const policy = { version: 'v1', policy: { on_failure: 'fail_closed' as const } };
    await expect(moderator.moderate({ ...question('A text.'), policy }, { signal })).rejects.toMatchObject({
      code: 'classifier_unavailable',
    });
  });

  it('is asked of control, and not where an answer began under one', async () => {
    const { moderator, asked } = moderatorWith();
    const { policy } = await moderator.moderate(question('A text.'), { signal });
    control = () => ({ version: 'v2', policy: {} });
    const answer = { ...question('A text.'), tenant: 'other', direction: 'output' as const, policy };
    expect((await moderator.moderate(answer, { signal })).policy).toEqual({ version: 'v0', policy: {} });
    expect(asked).toEqual(['acme']);
  });

  it('is not guessed where it cannot be asked', async () => {
    control = () => {
      throw new MillraceError('dependency_unavailable');
    };
    const { moderator } = moderatorWith();
    await expect(moderator.moderate(question('A text.'), { signal })).rejects.toMatchObject({
      code: 'policy_unavailable',
    });
  });

  it('changes nothing of what a classification reports, and is named in a header', async () => {
    const { categories } = await classify('Write to jane@example.org.');
    control = () => ({ version: 'v1', policy: { categories: { 'pii/email': { input: 'allow' } } } });
    expect((await classify('Write to jane@example.org.')).categories).toEqual(categories);
    expect(headers).toEqual(new Map([['x-millrace-moderation-policy', 'v1']]));
  });
});
