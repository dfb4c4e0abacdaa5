import type { ChatCompletionRequest } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { mayBeKept } from './may-be-kept.ts';

const request = (more: Partial<ChatCompletionRequest> = {}): ChatCompletionRequest => ({
  messages: [{ role: 'user', content: 'Who built the mill?' }],
  ...more,
});
const picture = { type: 'image_url', image_url: { url: 'https://example.org/mill.png' } };
const text = { type: 'text', text: 'What is this?' };

describe('an answer may be told again', () => {
  it.each([
    ['at temperature 0', request({ temperature: 0 }), true],
    ['at another temperature', request({ temperature: 0.1 }), false],
    ['at the usual temperature', request(), false],
    ['with an empty list of tools', request({ temperature: 0, tools: [] }), true],
    ['with tools', request({ temperature: 0, tools: [{ type: 'function' }] }), false],
    ['with a search of the web', request({ temperature: 0, web_search_options: {} }), false],
    ['with words in parts', request({ temperature: 0, messages: [{ role: 'user', content: [text] }] }), true],
    [
      'with a picture',
      request({ temperature: 0, messages: [{ role: 'user', content: [text, picture] }] }),
      false,
    ],
  ])('that a model gives %s: %o is %s', (_, asked, expected) => {
    expect(mayBeKept(asked, true, 'deterministic')).toBe(expected);
    expect(mayBeKept(asked, true, 'off')).toBe(false);
  });

  it('that is made of extracts, at any temperature', () => {
    expect(mayBeKept(request({ temperature: 1 }), false, 'deterministic')).toBe(true);
  });

  it('at any temperature where all are kept, and still not with tools', () => {
    expect(mayBeKept(request({ temperature: 1 }), true, 'always')).toBe(true);
    expect(mayBeKept(request({ tools: [{}] }), true, 'always')).toBe(false);
  });
});
