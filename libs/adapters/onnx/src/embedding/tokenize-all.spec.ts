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

  it('runs token ids as they are, with the marks of beginning and end where they are not', async () => {
    const tokenizer = await loadTokenizer();
    const marked = tokenizer.encode('one two');
    const bare = marked.slice(1, -1);
    const inputs = [bare, marked, marked.slice(1), marked.slice(0, -1), 'one two'];
    const all = await tokenizeAll(inputs, tokenizer, { ...options, maxTokens: 4 });
    expect(all.map((ids) => [...ids])).toEqual(inputs.map(() => marked));
    const [prefixed] = await tokenizeAll([bare], tokenizer, { ...options, prefix: 'query: ' });
    expect([...prefixed!]).toEqual(marked);
  });

  it.each([[30_522], [-1]])('refuses the id %i, which is in no vocabulary of this size', async (id) => {
    const asked = tokenizeAll(['mill', [5, id]], await loadTokenizer(), options);
    await expect(asked).rejects.toMatchObject({ code: 'invalid_request', param: 'input.1' });
    expect(await tokenizeAll([[30_521, 0]], await loadTokenizer(), options)).toHaveLength(1);
  });

  it('refuses too many ids as it does too long a text, and cuts them likewise', async () => {
    const tokenizer = await loadTokenizer();
    const ids = Array.from({ length: 8 }, (_, at) => 2000 + at);
    await expect(tokenizeAll([ids], tokenizer, options)).rejects.toMatchObject({ code: 'input_too_long' });
    const [cut] = await tokenizeAll([ids], tokenizer, { ...options, truncate: true });
    expect([...cut!]).toEqual([101, ...ids.slice(0, 6), 102]);
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
