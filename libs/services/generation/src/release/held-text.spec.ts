import { describe, expect, it } from 'vitest';
import { HeldText } from './held-text.ts';

/** Redacts the word `secret` and blocks at `poison`, holding back any beginning of either. */
const moderate = async ({ text, final }: { text: string; final?: boolean }) => {
  const poison = text.indexOf('poison');
  if (poison >= 0)
    return {
      action: 'block' as const,
      text: text.slice(0, poison),
      holdFrom: text.length,
      findings: [],
      next,
    };
  const held = final ? 0 : Math.max(...['secret', 'poison'].map((word) => longestBeginning(text, word)));
  const holdFrom = text.length - held;
  return {
    action: 'allow' as const,
    text: text.slice(0, holdFrom).replaceAll('secret', '***'),
    holdFrom,
    findings: [],
    next,
  };
};
const next = { preceding: '', encoding: 'text' as const };

const longestBeginning = (text: string, word: string): number =>
  [...word].map((_, index) => index).findLast((length) => text.endsWith(word.slice(0, length))) ?? 0;

async function released(pieces: readonly string[]): Promise<string> {
  const held = new HeldText('t', moderate, 'text');
  let out = '';
  for (const [index, piece] of pieces.entries()) {
    const { text, blocked } = await held.push(piece, index === pieces.length - 1);
    out += text;
    if (blocked) break;
  }
  return out;
}

describe('HeldText', () => {
  it('releases the same text however the stream was cut', async () => {
    const text = 'the secret is a sec and a secretary';
    const whole = await released([text]);
    expect(whole).toBe('the *** is a sec and a ***ary');
    expect(await released([...text])).toBe(whole);
    expect(await released(text.split(/(?=[ce])/))).toBe(whole);
  });

  it('releases what stands before a blocked word and nothing of it or after it', async () => {
    expect(await released([...'drink the poison now'])).toBe('drink the ');
  });

  it('gives moderation with each text what it asked for with the one before', async () => {
    const seen: object[] = [];
    const held = new HeldText(
      't',
      async ({ text, preceding, encoding }) => {
        seen.push({ text, preceding, encoding });
        const after = { preceding: `after ${text}`, encoding: 'json-string' as const };
        return { action: 'allow', text, holdFrom: text.length - 1, findings: [], next: after };
      },
      'json',
    );
    await held.push('ab', false);
    await held.push('c', true);
    expect(seen).toEqual([
      { text: 'ab', preceding: '', encoding: 'json' },
      { text: 'bc', preceding: 'after ab', encoding: 'json-string' },
    ]);
  });

  it('asks once more at the end where something was not judged yet, though nothing is held', async () => {
    const judged: (string | undefined)[] = [];
    const after = (unclassified?: string) =>
      new HeldText(
        't',
        async ({ text, final, unclassified: before = '' }) => {
          if (final) judged.push(before + text);
          const next = { preceding: '', encoding: 'text' as const, ...(unclassified && { unclassified }) };
          return { action: 'allow', text, holdFrom: text.length, findings: [], next };
        },
        'text',
      );
    for (const held of [after('so far'), after()]) {
      await held.push('so far', false);
      await held.push('', true);
    }
    expect(judged).toEqual(['so far']);
  });
});
