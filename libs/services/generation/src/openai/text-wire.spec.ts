import { completion, completionChunk, type CompletionChunk } from '@millrace/contracts';
import type { FinishReason } from '@millrace/ports';
import { expect, it } from 'vitest';
import type { Answer } from '../answers/answer.ts';
import { textCompletion, textCompletionFrames } from './text-wire.ts';

const usage = { promptTokens: 5, completionTokens: 2, estimated: false };

async function* answer(reason: FinishReason = 'stop'): AsyncGenerator<Answer> {
  yield { type: 'start', model: 'm', generator: 'model', backend: 'b' };
  for (const text of ['a', 'b']) yield { type: 'text', channel: 'content', text };
  yield { type: 'end', reason, usage, citations: [] };
}

it('is a whole completion', async () => {
  const whole = await textCompletion(answer('length'), 'r');
  expect(completion.parse(whole)).toMatchObject({
    id: 'cmpl-r',
    model: 'm',
    choices: [{ index: 0, text: 'ab', logprobs: null, finish_reason: 'length' }],
    usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
    millrace: { generator: 'model', backend: 'b', usage_estimated: false },
  });
});

it('is frames, whose last choice has the finish reason, and then the usage', async () => {
  const frames: CompletionChunk[] = [];
  for await (const frame of textCompletionFrames(answer('tool_calls'), 'r', true))
    frames.push(completionChunk.parse(frame));
  expect(
    frames.map(({ choices }) => choices.map(({ text, finish_reason }) => [text, finish_reason])),
  ).toEqual([[['', null]], [['a', null]], [['b', null]], [['', 'stop']], []]);
  const counted = frames.map(({ usage: told }) => told?.total_tokens ?? null);
  expect(counted).toEqual([null, null, null, null, 7]);
});
