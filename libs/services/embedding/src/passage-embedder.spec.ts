import { describe, expect, it } from 'vitest';
import type { CachedEmbedder } from './cached-embedder.ts';
import { PassageEmbedder, passageText } from './passage-embedder.ts';

describe('passageText', () => {
  it('puts title and headings before the text', () => {
    expect(passageText('Mills', { headings: ['Wheels', 'Oak'], text: 'Twelve.' })).toBe(
      'Mills\nWheels > Oak\nTwelve.',
    );
  });

  it('does not say the title twice', () => {
    expect(passageText('Mills', { headings: ['Mills'], text: 'Twelve.' })).toBe('Mills\nTwelve.');
    expect(passageText('Mills', { headings: [], text: 'Mills grind.' })).toBe('Mills grind.');
  });
});

const chunk = (text: string) => ({ ordinal: 0, start: 0, end: 1, text, tokens: 1, headings: [], id: text });
const of = { tenant: 'acme', document: 'a', version: 1 };
const lineage = { mediaType: 'text/plain', parser: 'text@1', chunker: 'c@1' };
const text = { text: 'abc', chunks: ['a', 'b', 'c'].map(chunk), metadata: {}, acl: [], lineage };
const options = { model: 'm', signal: new AbortController().signal };

/** Two chunks at a time, by models with these fingerprints. */
function passages(...fingerprints: string[]) {
  const embed = async (texts: readonly string[]) => ({
    vectors: texts.map(() => Float32Array.of(1)),
    model: { fingerprint: fingerprints.shift() },
  });
  return new PassageEmbedder({ embed } as unknown as CachedEmbedder, { batchChunks: 2 } as never);
}

describe('the passages of a document', () => {
  it.each([
    [undefined, 2],
    [1, 3],
  ])(
    'are embedded in batches of %j, each through what they are to go through',
    async (batchChunks, batches) => {
      let made = 0;
      const through = async <T>(makeBatch: () => Promise<T>) => {
        made += 1;
        return makeBatch();
      };
      const given = { ...options, through, ...(batchChunks && { batchChunks }) };
      const { rows, model } = await passages('f', 'f', 'f').embed(text, of, given);
      expect([rows.length, model.fingerprint, made]).toEqual([3, 'f', batches]);
    },
  );

  it('are all of one model, or of none', async () => {
    await expect(passages('f', 'g').embed(text, of, options)).rejects.toMatchObject({ code: 'internal' });
  });
});
