import type { ChatCompletionRequest } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { SaidText } from './said-text.ts';

type Message = ChatCompletionRequest['messages'][number];

const picture = { type: 'image_url', image_url: { url: 'data:,' } };
const messages: Message[] = [
  { role: 'system', content: 'My card is 4111.' },
  { role: 'user', content: 'My card is 4111.', name: 'jane' },
  { role: 'assistant', content: 'Is it 4111?' },
  { role: 'tool', tool_call_id: 'c', content: '{"card": 4111}' },
  {
    role: 'user',
    content: [{ type: 'text', text: 'Yes, 4111' }, picture, { type: 'text', text: '4111, see?' }],
  },
];

const redacting = (pattern: RegExp, said = new SaidText(messages)) =>
  said.with(
    [...said.text.matchAll(pattern)].map(({ index: start, 0: found }) => ({
      ...{ start, end: start + found.length, text: '[card]' },
    })),
  );

describe('what the user said', () => {
  it('is what moderation has to see, tools included', () => {
    expect(new SaidText(messages).text).toBe('My card is 4111.\n\n{"card": 4111}\n\nYes, 4111\n\n4111, see?');
  });

  it('has what was redacted replaced where it stands, in texts and parts, and the rest as it was', () => {
    const [system, first, assistant, tool, last] = redacting(/4111/g);
    expect([system, assistant]).toEqual([messages[0], messages[2]]);
    expect(first).toEqual({ role: 'user', content: 'My card is [card].', name: 'jane' });
    expect(tool).toEqual({ role: 'tool', tool_call_id: 'c', content: '{"card": [card]}' });
    expect(last?.content).toEqual([
      { type: 'text', text: 'Yes, [card]' },
      picture,
      { type: 'text', text: '[card], see?' },
    ]);
  });

  it('is told of once where it reaches over several texts', () => {
    const last = redacting(/4111\n\n4111/g).at(-1);
    expect(last?.content).toEqual([
      { type: 'text', text: 'Yes, [card]' },
      picture,
      { type: 'text', text: ', see?' },
    ]);
    expect(
      redacting(/4111}\n\nYes/g)
        .map(({ content }) => content)
        .slice(3),
    ).toMatchObject(['{"card": [card]', [{ text: ', 4111' }, picture, { text: '4111, see?' }]]);
  });
});
