import { describe, expect, it } from 'vitest';
import type { Answer } from '../answers/answer.ts';
import { chatCompletion } from './openai-wire.ts';

async function* answerOf(...parts: readonly Answer[]): AsyncGenerator<Answer> {
  yield { type: 'start', model: 'm', generator: 'model' };
  yield* parts;
  const usage = { promptTokens: 1, completionTokens: 1, estimated: false };
  yield { type: 'end', reason: 'tool_calls', usage, citations: [] };
}
const tool = (index: number, id: string): Answer => ({ type: 'tool', index, id, name: 'f' });

describe('a whole answer', () => {
  it('has its tool calls in their order, each with its own arguments', async () => {
    const { choices } = await chatCompletion(
      answerOf(
        tool(2, 'b'),
        tool(0, 'a'),
        { type: 'text', channel: 'tool:0', text: '{"x":' },
        { type: 'text', channel: 'tool:2', text: '{}' },
        { type: 'text', channel: 'tool:0', text: '1}' },
        { type: 'text', channel: 'tool:7', text: 'of no call' },
      ),
      'r',
    );
    expect(choices[0]!.message).toMatchObject({
      content: null,
      tool_calls: [
        { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
        { id: 'b', type: 'function', function: { name: 'f', arguments: '{}' } },
      ],
    });
  });

  it('does not walk through the numbers that a tool call skips', async () => {
    const { choices } = await chatCompletion(answerOf(tool(4_000_000_000, 'a'), tool(-1, 'b')), 'r');
    expect(choices[0]!.message['tool_calls']).toMatchObject([{ id: 'b' }, { id: 'a' }]);
  });
});
