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

  it('gives others a turn and asks between turns whether the request may still go on', async () => {
    const texts = Array.from({ length: 4000 }, (_, n) => `word${n} again${n} never${n} seen${n} before${n}`);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const asked = tokenizeAll(texts, await loadTokenizer(), {
      ...options,
      maxTokens: 512,
      admit: (tokens) => {
        if (tokens > 10_000) throw new MillraceError('queue_full');
      },
    });
    await expect(asked).rejects.toMatchObject({ code: 'queue_full' });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
  });
});
