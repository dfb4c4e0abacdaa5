import { calls, type ChatCompletionRequest } from '@millrace/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { answering, type Answering, asked, collect, passage, tokens } from '../testing/answering.ts';

let at: Answering;
beforeEach(() => {
  at = answering();
});

const ask = (content: string, request: Partial<ChatCompletionRequest> = {}) =>
  asked({ ...request, messages: [{ role: 'user', content }] });
const far = 'When was the lighthouse of Bergholm painted?';
const says = (...words: readonly string[]) =>
  at.answerer(at.backEnd(...tokens(...words)), { leastSupport: 0.35 });

describe('a question that what was found is too weak for', () => {
  it('is told so, without asking the language model, and recorded', async () => {
    const { parts, text, end } = await collect(says('1843').answer(ask(far)));
    expect(parts[0]).toMatchObject({ type: 'start', generator: 'none', unanswered: 'weak_retrieval' });
    expect(text).toBe('I could not find this in the documents.');
    expect(end).toMatchObject({
      ...{ type: 'end', reason: 'stop', citations: [] },
      usage: { promptTokens: 0, completionTokens: 0, estimated: false },
    });
    expect(at.requests).toEqual([]);
    expect(at.published).toMatchObject([
      { outcome: 'complete', unanswered: 'weak_retrieval', support: 0, sources: [], attempts: [] },
    ]);
    expect(at.published[0]).not.toHaveProperty('cost');
  });

  it('is told so where nothing was found at all, and by extracts', async () => {
    at.replies.set(calls.findPassages, () => ({ results: [] }));
    expect((await collect(says('1843').answer(ask(far)))).text).toContain('could not find');
    const { parts } = await collect(at.answerer(undefined, { leastSupport: 0.35 }).answer(ask(far)));
    expect(parts[0]).toMatchObject({ generator: 'none', unanswered: 'weak_retrieval' });
  });

  it('is refused by extracts as ever where it needs a language model', async () => {
    const request = ask(far, { web_search_options: {} });
    const { error } = await collect(at.answerer(undefined, { leastSupport: 0.35 }).answer(request));
    expect(error).toMatchObject({ code: 'unsupported_parameter' });
  });

  it('says of extracts that do not support it that it is unanswered', async () => {
    at.replies.set(calls.findPassages, () => ({ results: [] }));
    const { parts } = await collect(at.answerer(undefined).answer(ask(far)));
    expect(parts[0]).toMatchObject({ generator: 'extractive', unanswered: 'weak_retrieval' });
  });

  it.each<[string, Partial<ChatCompletionRequest>]>([
    ['where the request takes whatever is found', { millrace: { retrieval: { least_support: 0 } } }],
    ['where nothing was looked up', { millrace: { retrieval: false } }],
    ['where tools may answer', { tools: [{ type: 'function', function: { name: 'light' } }] }],
  ])('is asked of the model %s', async (_, request) => {
    const { text, parts } = await collect(says('In 1843.').answer(ask(far, request)));
    expect(text).toBe('In 1843.');
    expect(parts[0]).toMatchObject({ generator: 'model' });
    expect(at.published[0]).not.toHaveProperty('unanswered');
  });

  it('keeps to the support that the request asks for', async () => {
    const strict = ask('Who built the mill?', { millrace: { retrieval: { least_support: 1 } } });
    at.replies.set(calls.findPassages, () => ({ results: [{ ...passage, text: 'A mill.' }] }));
    expect((await collect(says('Crane').answer(strict))).text).toContain('could not find');
  });

  it('looks at the meaning from what this model takes for nothing in common', async () => {
    const explanation = { absent: [], dense: { rank: 1, score: 0.9, candidates: 1 } };
    at.replies.set(calls.findPassages, () => ({ results: [{ ...passage, explanation }], model: 'e' }));
    at.replies.set(calls.embedTexts, ({ texts }: { texts: string[] }) => ({
      ...{ vectors: texts.map(() => [0.8, 0]), tokens: 1, model: 'e', dims: 2 },
    }));
    await collect(says('1843').answer(ask(far)));
    expect(at.published[0]!.support).toBeCloseTo((0.9 - 0.64) / (1 - 0.64) / 2, 3);
  });
});

describe('an answer that had sources', () => {
  it('says how far they bear it out, and marks the citation that they do not', async () => {
    const { end } = await collect(
      says('The mill was built by Josiah Crane [1]. ', 'It was sold to Martha Lund in 1843 [1, 7].').answer(
        ask('Who built the mill?'),
      ),
    );
    expect(end).toMatchObject({
      citations: [{ supported: true }, { supported: false }],
      groundedness: {
        ...{ sentences: { count: 2, supported: 1 }, numbers: { count: 1, supported: 0 } },
        citations: { count: 2, supported: 1, removed: 1 },
      },
    });
    const { groundedness } = at.published[0]!;
    expect(groundedness!.score).toBeGreaterThan(0.2);
    expect(groundedness!.score).toBeLessThan(0.6);
  });

  it('is borne out by itself where it is an extract, a row with the names of its columns too', async () => {
    const text = 'Mills by builder:\n\n| Mill | Builder |\n| --- | --- |\n| Ode | Josiah Crane |\n';
    at.replies.set(calls.findPassages, () => ({ results: [{ ...passage, text, end: 40 + text.length }] }));
    const { end } = await collect(at.answerer(undefined).answer(ask('Who is the builder of the mill Ode?')));
    expect(end).toMatchObject({ groundedness: { score: 1, citations: { removed: 0 } } });
  });

  it('says nothing of the kind where it had none', async () => {
    const { end } = await collect(says('Hello!').answer(ask('Hello', { millrace: { retrieval: false } })));
    expect(end).not.toHaveProperty('groundedness');
    expect(at.published[0]).not.toHaveProperty('groundedness');
  });

  it('is told the same however its stream was cut', async () => {
    const whole = 'The mill grinds spelt [1]. The moon is made of cheese, says Crane [1][4].';
    const told = new Set<string>();
    for (const size of [1, 3, 7, whole.length]) {
      const pieces = whole.match(new RegExp(`.{1,${size}}`, 'gs'))!;
      const { end } = await collect(says(...pieces).answer(ask('What does the mill grind?')));
      told.add(JSON.stringify(end));
    }
    expect(told.size).toBe(1);
  });
});
