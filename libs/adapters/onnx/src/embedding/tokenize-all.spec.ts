import { MillraceError } from '@millrace/contracts';
import { loadTokenizer } from '@millrace/text';
import { describe, expect, it } from 'vitest';
import { tokenizeAll, type TokenizeOptions } from './tokenize-all.ts';

const options: TokenizeOptions = { prefix: '', maxTokens: 8, truncate: false, admit: () => undefined };

describe('tokenizeAll', () => {
  it('puts the prefix before each text', async () => {
    const tokenizer = await loadTokenizer();
    const [ids] = await tokenizeAll(['mill'], tokenizer, { ...options, prefix: 'query: ' });
    expect([...ids!]).toEqual(tokenizer.encode('query: mill'));
  });

  it('refuses a longer text by its place and length', async () => {
    const asked = tokenizeAll(['short', 'one two three four five six seven'], await loadTokenizer(), options);
    await expect(asked).rejects.toMatchObject({ code: 'input_too_long', param: 'input.1' });
  });

  it('cuts a longer text at the end when told to, and keeps the end mark', async () => {
    const tokenizer = await loadTokenizer();
    const text = 'one two three four five six seven';
    const [ids] = await tokenizeAll([text], tokenizer, { ...options, truncate: true });
    expect([...ids!]).toEqual([...tokenizer.encode(text).slice(0, 7), tokenizer.encode(text).at(-1)]);
  });

  it('gives others a turn whenever it has taken long, and asks then whether the request may still go on', async () => {
    const tokenizer = await loadTokenizer();
    const encode = (text: string): number[] => {
      for (const end = performance.now() + 5; performance.now() < end;);
      return tokenizer.encode(text);
    };
    const [seen, othersAt]: [number[], number[]] = [[], []];
    const asked = tokenizeAll(
      ['mill', 'weir', 'stone', 'wheel'],
      { ...tokenizer, encode },
      {
        ...options,
        admit: (tokens) => {
          seen.push(tokens);
          setImmediate(() => othersAt.push(seen.length));
          if (tokens > 6) throw new MillraceError('queue_full');
        },
      },
    );
    await expect(asked).rejects.toMatchObject({ code: 'queue_full' });
    expect(seen).toEqual([3, 6, 9]);
    expect(othersAt.slice(0, 2)).toEqual([1, 2]);
  });
});
