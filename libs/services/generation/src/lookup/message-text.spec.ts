import { describe, expect, it } from 'vitest';
import { questionIn } from './message-text.ts';

const asked = (content: string) => questionIn([{ role: 'user', content }]);

describe('the question', () => {
  it.each(['', ' \n', '\0', '\u200b\u200d', '\u00ad \ue000'])(
    'is none where nothing can be seen: %j',
    (content) => {
      expect(asked(content)).toBe('');
    },
  );

  it('begins where something can be seen', () => {
    expect(asked(`${'\u200b'.repeat(9_000)} Who built it? `)).toBe('Who built it?');
  });
});
