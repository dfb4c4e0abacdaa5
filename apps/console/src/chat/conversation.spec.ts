import { describe, expect, it } from 'vitest';
import type { ChatCompletionChunk, Citation } from '@millrace/contracts';
import { messagesOf, reduce, type Change, type Turn } from './conversation.ts';

const frame = (
  delta: ChatCompletionChunk['choices'][number]['delta'],
  rest: Partial<ChatCompletionChunk> = {},
): Change => ({
  type: 'frame',
  frame: {
    id: 'x',
    object: 'chat.completion.chunk',
    created: 0,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: null }],
    ...rest,
  },
});
const citation = (index: number, chunk = 'c'): Citation => ({
  type: 'url_citation',
  url_citation: { start_index: 0, end_index: 3, url: '/', title: `T${index}` },
  ...{ index, document_id: `d${index}`, version: 1, chunk_id: chunk, start: 0, end: 1, text: 'x' },
});
const after = (...changes: Change[]): readonly Turn[] => changes.reduce(reduce, []);
const asked = (question: string, key = 1): Change => ({ type: 'asked', key, question });

describe('a conversation', () => {
  it('grows by the frames of the answer', () => {
    const [turn] = after(
      asked('Who?'),
      frame({ role: 'assistant' }),
      frame({ content: 'Crane ' }),
      frame({ content: 'did [1].' }, { millrace: { generator: 'extractive' } }),
      frame({ annotations: [citation(2), citation(1)] }),
      frame({ annotations: [citation(1, 'later')] }),
      frame({}, { choices: [] }),
      { type: 'ended', state: 'complete' },
    );
    expect(turn).toMatchObject({ text: 'Crane did [1].', state: 'complete', generator: 'extractive' });
    expect(turn!.sources.map(({ index, chunk_id }) => [index, chunk_id])).toEqual([
      [1, 'c'],
      [2, 'c'],
    ]);
  });

  it('keeps what came before a failure, and drops it for another try', () => {
    const failed = after(asked('Who?'), frame({ content: 'Cr' }), { type: 'failed', error: 'broke' });
    expect(failed).toMatchObject([{ text: 'Cr', state: 'failed', error: 'broke' }]);
    expect(reduce(failed, { type: 'dropped' })).toEqual([]);
  });

  it('can begin anew', () => {
    expect(after(asked('1', 1), asked('2', 2), { type: 'cleared' })).toEqual([]);
  });

  it('is told to the server without answers that failed', () => {
    const done: Change[] = [frame({ content: 'A' }), { type: 'ended', state: 'complete' }];
    const turns = after(asked('1', 1), ...done, asked('2', 2), { type: 'failed', error: 0 }, asked('3', 3));
    expect(messagesOf(turns)).toEqual([
      { role: 'user', content: '1' },
      { role: 'assistant', content: 'A' },
      { role: 'user', content: '2' },
      { role: 'user', content: '3' },
    ]);
  });
});
