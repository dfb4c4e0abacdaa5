import type { ResponseRequest } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { inputMessages } from './input-messages.ts';

type Items = Exclude<ResponseRequest['input'], string>;
const messages = (...input: Items) => inputMessages({ input });

describe('the conversation of a request', () => {
  it('is a text, behind its instructions', () => {
    expect(inputMessages({ instructions: 'Be brief.', input: 'Hi' })).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ]);
  });

  it('has what earlier answers said, called and were told', () => {
    const call = (call_id: string) => ({ type: 'function_call', call_id, name: 'weather', arguments: '{}' });
    expect(
      messages(
        { role: 'user', content: 'How is it at Rye?' },
        { type: 'reasoning', summary: [] },
        { type: 'file_search_call', queries: ['Rye'] },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'I look.' }] },
        call('a'),
        call('b'),
        { type: 'function_call_output', call_id: 'a', output: 'wet' },
        { type: 'function_call_output', call_id: 'b', output: [{ type: 'input_text', text: 'dry' }] },
        call('c'),
      ),
    ).toEqual([
      { role: 'user', content: 'How is it at Rye?' },
      {
        role: 'assistant',
        content: 'I look.',
        tool_calls: ['a', 'b'].map((id) => ({
          ...{ id, type: 'function', function: { name: 'weather', arguments: '{}' } },
        })),
      },
      { role: 'tool', tool_call_id: 'a', content: 'wet' },
      { role: 'tool', tool_call_id: 'b', content: 'dry' },
      { role: 'assistant', content: null, tool_calls: [expect.objectContaining({ id: 'c' })] },
    ]);
  });

  it('has pictures by their addresses', () => {
    const content = [
      { type: 'input_text', text: 'What is it?' },
      { type: 'input_image', image_url: 'data:,', detail: 'low' },
    ];
    expect(messages({ role: 'user', content })).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image_url', image_url: { url: 'data:,', detail: 'low' } },
        ],
      },
    ]);
  });

  it.each([
    ['input.0.role', { content: 'Hi' }],
    ['input.0.content', { role: 'user' as const }],
    ['input.0.arguments', { type: 'function_call', call_id: 'a', name: 'f' }],
    ['input.0.call_id', { type: 'function_call_output', output: 'x' }],
  ])('lacks %s', (param, item) => {
    expect(() => messages(item)).toThrow(
      expect.objectContaining({ code: 'invalid_request', param }) as Error,
    );
  });

  it.each([
    ['input.0.type', { type: 'item_reference', id: 'x' }],
    ['input.0.type', { type: 'computer_call' }],
    [
      'input.0.content.0.file_id',
      { role: 'user' as const, content: [{ type: 'input_image', file_id: 'x' }] },
    ],
    ['input.0.content.0.type', { role: 'user' as const, content: [{ type: 'input_audio' }] }],
  ])('has at %s what is refused', (param, item) => {
    expect(() => messages(item)).toThrow(
      expect.objectContaining({ code: 'unsupported_parameter', param }) as Error,
    );
  });
});
