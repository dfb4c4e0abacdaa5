import { calls, completionRequest } from '@millrace/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { namingFaults } from './named-faults.ts';
import { answering, type Answering, asked, collect, redactCrane, tokens } from '../testing/answering.ts';
import { textFields, textQuestion } from './text-question.ts';

const question = (request: object) => textQuestion(completionRequest.parse(request));

let at: Answering;
beforeEach(() => {
  at = answering();
});

const complete = (request: object, settings?: object) =>
  collect(
    namingFaults(
      at.answerer(at.backEnd(...tokens('by ', 'Josiah Crane')), settings).answer({
        ...asked(),
        ...question(request),
      }),
      textFields,
    ),
  );

describe('a text to be continued', () => {
  it('reaches the back end as it stands, with what it does not know', async () => {
    const { text } = await complete({ prompt: ['It was built '], suffix: '.', seed: 4, n: 1, stream: true });
    expect(text).toBe('by Josiah Crane');
    const { model, ...sent } = at.requests[0]!;
    expect(sent).toEqual({ prompt: 'It was built ', suffix: '.', parameters: { seed: 4 } });
  });

  it('has no gap to be filled where the suffix is empty', async () => {
    await complete({ prompt: 'It', suffix: '' });
    expect(at.requests[0]).not.toHaveProperty('suffix');
  });

  it('is looked up nowhere', async () => {
    at.replies.set(calls.findPassages, () => Promise.reject(new Error('looked up')));
    expect((await complete({ prompt: 'It was built ' })).error).toBeUndefined();
  });

  it('is moderated, before the gap and behind it, and so is what continues it', async () => {
    const seen: string[] = [];
    at.replies.set(calls.moderate, (input: { text: string; direction: string }) => {
      if (input.direction === 'input') seen.push(input.text);
      return redactCrane(input);
    });
    expect((await complete({ prompt: 'before', suffix: 'behind' })).text).toBe('by ***');
    expect(seen).toEqual(['before\n\nbehind']);
  });

  it('is recorded as any answer', async () => {
    await complete({ prompt: 'It was built ' });
    expect(at.published).toMatchObject([
      { outcome: 'complete', backend: 'mock', usage: { promptTokens: 5, completionTokens: 2 }, sources: [] },
    ]);
  });

  it('is too long by the name that its caller knows', async () => {
    const { error } = await complete({ prompt: 'x'.repeat(50) }, { maxPromptChars: 40 });
    expect(error).toMatchObject({ code: 'input_too_long', param: 'prompt' });
  });

  it('needs a back end that can do it', async () => {
    const { generator } = { generator: at.backEnd(...tokens('x')) };
    const chatsOnly = { name: 'mock', generator, weight: 1, capabilities: ['completions'] as const };
    const answer = at
      .answererOf([chatsOnly])
      .answer({ ...asked(), ...question({ prompt: 'a', suffix: 'b' }) });
    expect((await collect(answer)).error).toMatchObject({ code: 'unsupported_parameter', param: 'suffix' });
  });
});

describe('a request for a completion', () => {
  it.each([
    ['echo', { echo: true }],
    ['logprobs', { logprobs: 0 }],
    ['max_completion_tokens', { max_completion_tokens: 5 }],
    ['messages', { messages: [{}] }],
    ['model', { model: 'millrace-extractive' }],
    ['tools', { tools: [], tool_choice: 'auto' }],
  ])('is refused for its %s, by its name and with what to do', (param, more) => {
    const refusal = expect.objectContaining({
      code: 'unsupported_parameter',
      param: param === 'tools' ? 'tool_choice' : param,
      detail: expect.stringMatching(/.{10}/) as string,
    }) as Error;
    expect(() => question({ prompt: 'a', ...more })).toThrow(refusal);
  });

  it.each([
    ['prompt', 'prompt', {}],
    ['prompt of token ids', 'prompt', { prompt: [1, 2] }],
    ['prompts of token ids', 'prompt', { prompt: [[1], [2]] }],
    ['no prompt', 'prompt', { prompt: [] }],
    ['several prompts', 'prompt', { prompt: ['a', 'b'] }],
    ['n', 'n', { prompt: 'a', n: 2 }],
    ['best_of', 'best_of', { prompt: 'a', best_of: 2 }],
    ['retrieval', 'millrace', { prompt: 'a', millrace: { retrieval: true } }],
  ])('does not fit the schema: %s', (_, field, request) => {
    const { error } = completionRequest.safeParse(request);
    expect(error?.issues[0]?.path[0]).toBe(field);
  });

  it('may say what holds anyway', () => {
    expect(() => question({ prompt: 'a', n: 1, best_of: 1, echo: false, logprobs: null })).not.toThrow();
  });
});
