import { calls, events, type CallInput, type CallOutput } from '@millrace/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { allow, answering, type Answering, asked, collect, tokens } from '../testing/answering.ts';

type Verdict = CallOutput<typeof calls.moderate>;

let at: Answering;
let moderated: CallInput<typeof calls.moderate>[];
let version: number;
beforeEach(() => {
  at = answering();
  moderated = [];
  version = 0;
});

const finding = (category: string, action: 'flag' | 'redact' | 'block') => ({
  ...{ category, action, score: 1, start: 0, end: 1 },
});

/** Redacts `4111`, and has another policy each time it is not given one. */
const redacting = (input: CallInput<typeof calls.moderate>): Verdict => {
  moderated.push(input);
  const policy = input.policy ?? { version: `v${++version}`, policy: {} };
  const redactions = [...input.text.matchAll(/4111/g)].map(({ index: start }) => ({
    ...{ start, end: start + 4, text: '[card]' },
  }));
  const findings = redactions.map(() => finding('pii/payment-card', 'redact'));
  const text = input.text.replaceAll('4111', '[card]');
  return { ...allow({ text: input.text }), action: 'redact', text, findings, redactions, policy };
};

const question = { messages: [{ role: 'user' as const, content: 'Who built the mill with card 4111?' }] };

describe('a question that is redacted', () => {
  it('is looked up, answered and counted without it', async () => {
    at.replies.set(calls.moderate, redacting);
    const queries: string[] = [];
    at.replies.set(calls.findPassages, ({ request }: { request: { query: string } }) => {
      queries.push(request.query);
      return { results: [] };
    });
    await collect(at.answerer(at.backEnd(...tokens('Crane.'))).answer(asked(question)));
    expect(queries).toEqual(['Who built the mill with card [card]?']);
    expect(JSON.stringify(at.requests[0]!.messages)).toContain('with card [card]?');
    expect(JSON.stringify([at.requests, at.published])).not.toContain('4111');
    expect(at.published).toMatchObject([
      { findings: [{ direction: 'input', category: 'pii/payment-card', action: 'redact' }], policy: 'v1' },
    ]);
  });

  it('is answered from documents without it as well', async () => {
    at.replies.set(calls.moderate, redacting);
    const { error, text } = await collect(at.answerer(undefined).answer(asked(question)));
    expect([error, text.includes('4111')]).toEqual([undefined, false]);
  });
});

describe('a policy', () => {
  it('holds to the end of what began under it', async () => {
    at.replies.set(calls.moderate, redacting);
    const said = tokens('Crane', ' built', ' it [1].');
    await collect(at.answerer(at.backEnd(...said)).answer(asked(question)));
    const [first, ...others] = moderated;
    expect([first!.policy, others.length > 1]).toEqual([undefined, true]);
    expect(new Set(others.map(({ policy }) => policy?.version))).toEqual(new Set(['v1']));
  });

  it('is asked for by a question without words, too', async () => {
    at.replies.set(calls.moderate, redacting);
    const messages = [{ role: 'system' as const, content: 'Be brief.' }];
    const request = { messages, millrace: { retrieval: false as const } };
    await collect(at.answerer(at.backEnd(...tokens('Yes.'))).answer(asked(request)));
    expect(at.published).toMatchObject([{ policy: 'v1' }]);
  });
});

it('the record has each category once in each direction, with the most that was done about it', async () => {
  const found = (...findings: ReturnType<typeof finding>[]) => findings;
  const verdicts = [
    found(finding('hate', 'flag')),
    found(finding('hate', 'flag'), finding('hate', 'redact')),
    found(finding('hate', 'flag'), finding('sexual', 'flag')),
  ];
  at.replies.set(calls.moderate, (input: { text: string }) => ({
    ...allow(input),
    findings: verdicts.shift() ?? [],
  }));
  await collect(at.answerer(at.backEnd(...tokens('a', 'b'))).answer(asked()));
  expect(at.published[0]!.findings).toEqual([
    { direction: 'input', category: 'hate', action: 'flag' },
    { direction: 'output', category: 'hate', action: 'redact' },
    { direction: 'output', category: 'sexual', action: 'flag' },
  ]);
  expect(events.answerCompleted.schema.safeParse(at.published[0]).success).toBe(true);
});
