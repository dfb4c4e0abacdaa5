import { describe, expect, it } from 'vitest';
import type { AnswerPart } from '../answers/answer-part.ts';
import { AnswerRelease, type ReleaseOptions } from './answer-release.ts';

/** Redacts `secret`, blocks at `poison`, holds the last word back until it is complete. */
const moderate: ReleaseOptions['moderate'] = async ({ text, final, encoding }) => {
  const poison = text.indexOf('poison');
  const holdFrom = poison >= 0 ? poison : final ? text.length : text.lastIndexOf(' ') + 1;
  return {
    action: poison >= 0 ? 'block' : 'allow',
    text: text.slice(0, holdFrom).replaceAll('secret', '***'),
    holdFrom,
    findings: [],
    next: { preceding: '', encoding },
  };
};
const release = (options: Partial<ReleaseOptions> = {}) =>
  new AnswerRelease({ tenant: 't', moderate, citable: undefined, maxChars: 1000, ...options });

const text = (
  words: string,
  channel: 'content' | 'reasoning' | `tool:${number}` = 'content',
): AnswerPart => ({
  type: 'text',
  channel,
  text: words,
});
const end: AnswerPart = {
  type: 'end',
  reason: 'stop',
  usage: { promptTokens: 1, completionTokens: 1, estimated: false },
};

describe('AnswerRelease', () => {
  it('moderates each channel for itself: nothing cut across two can slip through, nothing is mixed up', async () => {
    const { parts } = await release().pass([
      text('a sec'),
      text('let me th', 'reasoning'),
      text('ret b'),
      text('ink of the secret', 'reasoning'),
      { type: 'tool', index: 0, id: 'c', name: 'f' },
      text('{"x": "sec', 'tool:0'),
      text('ret"}', 'tool:0'),
      end,
    ]);
    const said = (channel: string) =>
      parts.map((part) => (part.type === 'text' && part.channel === channel ? part.text : '')).join('');
    expect(said('content')).toBe('a *** b');
    expect(said('reasoning')).toBe('let me think of the ***');
    expect(said('tool:0')).toBe('{"x": "***"}');
  });

  it('stops at what is blocked, in any channel', async () => {
    const released = await release().pass([
      text('fine '),
      text('take poison', 'reasoning'),
      text('more '),
      end,
    ]);
    expect(released.end).toEqual({ reason: 'content_filter' });
    expect(released.parts).toMatchObject([{ text: 'fine ' }, { text: 'take ' }]);
  });

  it('cuts at the limit of all channels together', async () => {
    const released = await release({ maxChars: 8 }).pass([text('12345 ', 'reasoning'), text('1234 '), end]);
    expect(released).toEqual({
      parts: [text('12345 ', 'reasoning'), text('12')],
      end: { reason: 'length' },
    });
  });

  it('checks citations before moderation, so that a dropped marker cannot join what moderation took apart', async () => {
    const { parts } = await release({ citable: new Set([1]) }).pass([text('a sec[9]ret [1]'), end]);
    expect(parts.map((part) => (part.type === 'text' ? part.text : '')).join('')).toBe('a *** [1]');
  });

  it('takes every citation out where there is nothing to cite, and leaves brackets alone where nothing is checked', async () => {
    const said = async (citable: ReleaseOptions['citable']) => {
      const { parts } = await release({ citable }).pass([text('Yes [1] no [2, 99].'), end]);
      return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
    };
    expect(await said(new Set())).toBe('Yes no.');
    expect(await said(undefined)).toBe('Yes [1] no [2, 99].');
  });

  it('has the arguments of tools moderated as JSON', async () => {
    const asked: string[] = [];
    const noting: ReleaseOptions['moderate'] = (input) => {
      asked.push(`${input.encoding}: ${input.text}`);
      return moderate(input);
    };
    await release({ moderate: noting }).pass([
      ...[text('a '), text('b ', 'reasoning')],
      ...[{ type: 'tool', index: 0, id: 'c', name: 'f' } as const, text('{} ', 'tool:0')],
    ]);
    expect(asked).toEqual(['text: a ', 'text: b ', 'json: {} ']);
  });

  it('asks moderation once for what came together', async () => {
    let calls = 0;
    const counting: ReleaseOptions['moderate'] = (input) => (calls++, moderate(input));
    await release({ moderate: counting }).pass([text('a '), text('b '), text('c ')]);
    expect(calls).toBe(1);
  });

  it('tells the usage of the back end with the end', async () => {
    expect((await release().pass([end])).end).toMatchObject({ reason: 'stop', usage: { promptTokens: 1 } });
  });
});
