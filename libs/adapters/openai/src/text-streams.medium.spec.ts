import type { GenerationPart } from '@millrace/ports';
import { done, event, stream } from '@millrace/testing';
import { describe, expect, it } from 'vitest';
import { AtMockBackEnd } from './testing/at-mock-back-end.ts';

const at = new AtMockBackEnd();
const choice = (fields: object) => event({ model: 'mock-1', choices: [{ index: 0, ...fields }] });

async function parts(suffix?: string) {
  const request = {
    model: undefined,
    prompt: 'def add(',
    ...(suffix && { suffix }),
    parameters: { stop: ';' },
  };
  const all: GenerationPart[] = [];
  for await (const part of at.generator.generate(request, new AbortController().signal)) all.push(part);
  return all;
}

describe('a text that is continued', () => {
  it('is asked for at /completions, with what comes behind the gap', async () => {
    at.backEnd.next(stream(choice({ text: 'x', finish_reason: 'stop' }), done));
    await parts('return x');
    const { path, body } = at.backEnd.requests[0]!;
    expect(path).toBe('/v1/completions');
    expect(JSON.parse(body)).toEqual({
      ...{ model: 'mock', prompt: 'def add(', suffix: 'return x', stop: ';' },
      ...{ stream: true, stream_options: { include_usage: true } },
    });
  });

  it('comes in pieces, with its end and its usage', async () => {
    const usage = {
      ...{ prompt_tokens: 7, completion_tokens: 3 },
      prompt_tokens_details: { cached_tokens: 5 },
      completion_tokens_details: { reasoning_tokens: 0 },
    };
    at.backEnd.next(
      stream(
        choice({ text: 'a, ', logprobs: null, finish_reason: null }),
        choice({ text: 'b' }),
        choice({ text: '', finish_reason: 'length' }),
        event({ choices: [], usage }),
        done,
      ),
    );
    expect(await parts()).toEqual([
      { type: 'start', model: 'mock-1' },
      { type: 'delta', choice: 0, delta: { content: 'a, ' } },
      { type: 'delta', choice: 0, delta: { content: 'b' } },
      {
        type: 'end',
        finishReasons: ['length'],
        usage: { promptTokens: 7, completionTokens: 3, cachedTokens: 5, reasoningTokens: 0 },
      },
    ]);
  });

  it.each([
    ['the frames of a chat', choice({ delta: { content: 'x' }, finish_reason: 'stop' })],
    ['what is no text', choice({ text: 4, finish_reason: 'stop' })],
  ])('is not taken for whole where there are %s', async (_, frame) => {
    at.backEnd.next(stream(frame, done));
    await expect(parts()).rejects.toMatchObject({
      code: 'backend_error',
      detail: 'an event of its stream has no known shape: text',
    });
  });
});
