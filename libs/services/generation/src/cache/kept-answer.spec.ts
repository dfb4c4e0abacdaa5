import type { Citation } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import type { ToldPart } from '../answers/told-part.ts';
import { answerIn, bytesOf } from './kept-answer.ts';

type End = Extract<ToldPart, { type: 'end' }>;

const citation: Citation = {
  type: 'url_citation',
  url_citation: {
    start_index: 6,
    end_index: 9,
    url: 'millrace:/v1/documents/mill/content',
    title: 'The mill',
  },
  ...{ index: 1, document_id: 'mill', version: 2, chunk_id: 'c', start: 0, end: 9, text: 'The mill.' },
};
const start: ToldPart = { type: 'start', model: 'm-1', backend: 'mock' };
const end: End = {
  type: 'end',
  reason: 'stop',
  usage: { promptTokens: 5, completionTokens: 2, reasoningTokens: 1, estimated: false },
  citations: [citation],
  findings: [{ category: 'pii/email', action: 'redact' }],
};
const says = (channel: 'content' | 'reasoning', text: string): ToldPart => ({ type: 'text', channel, text });

describe('an answer that is kept', () => {
  it('is told as it was, what follows one another in a channel in one', () => {
    const told = [start, says('reasoning', 'Hm.'), says('content', 'He '), says('content', '[1]. 🌾'), end];
    expect(answerIn(bytesOf(told)!)).toEqual([
      ...[start, says('reasoning', 'Hm.'), says('content', 'He [1]. 🌾'), end],
    ]);
  });

  it.each<[string, ToldPart[]]>([
    ['was cut off', [start, says('content', 'He'), { ...end, reason: 'length' }]],
    ['was cut by moderation', [start, says('content', 'He'), { ...end, reason: 'content_filter' }]],
    ['says nothing', [start, end]],
    ['has no end', [start, says('content', 'He')]],
    ['calls a tool', [start, says('content', 'He'), { type: 'tool', index: 0, id: 'a', name: 'f' }, end]],
  ])('is none that %s', (_, told) => {
    expect(bytesOf(told)).toBeUndefined();
  });

  it.each(['', 'null', '{}', '{"model":"m","backend":"b","texts":[],"end":{}}', '\u0000'])(
    'is not read from what is none: %j',
    (noise) => {
      expect(answerIn(new TextEncoder().encode(noise))).toBeUndefined();
    },
  );
});
