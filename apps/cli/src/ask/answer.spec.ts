import { describe, expect, it } from 'vitest';
import type { ChatCompletionChunk, Citation } from '@millrace/contracts';
import { Asked } from './answer.ts';

type Choice = ChatCompletionChunk['choices'][number];

const frame = (
  choice: Partial<Choice> | undefined,
  rest: Partial<ChatCompletionChunk> = {},
): ChatCompletionChunk => ({
  id: 'x',
  object: 'chat.completion.chunk',
  created: 0,
  model: 'm',
  choices: choice ? [{ index: 0, delta: {}, finish_reason: null, ...choice }] : [],
  ...rest,
});

const citation = (index: number): Citation => ({
  type: 'url_citation',
  url_citation: { start_index: 0, end_index: 3, url: '/', title: `T${index}` },
  index,
  document_id: `d${index}`,
  version: 1,
  chunk_id: 'c',
  start: 0,
  end: 1,
  text: 'x',
});

describe('a streamed answer', () => {
  it('is put together from its frames', () => {
    const asked = new Asked();
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
    const texts = [
      frame({ delta: { role: 'assistant' } }),
      frame({ delta: { content: 'Two ' } }),
      frame({ delta: { content: 'mills.' } }),
      frame({ delta: {}, finish_reason: 'stop' }, { millrace: { generator: 'extractive' } }),
      frame(undefined, { usage }),
    ].map((each) => asked.add(each));
    expect(texts).toEqual(['', 'Two ', 'mills.', '', '']);
    expect(asked.answer).toEqual({
      answer: 'Two mills.',
      model: 'm',
      generator: 'extractive',
      finish_reason: 'stop',
      sources: [],
      usage,
    });
  });

  it('has each source once, by number', () => {
    const asked = new Asked();
    asked.add(frame({ delta: { annotations: [citation(2), citation(2)] } }));
    asked.add(frame({ delta: { annotations: [citation(1)] } }));
    expect(asked.answer.sources.map(({ index }) => index)).toEqual([1, 2]);
  });
});
