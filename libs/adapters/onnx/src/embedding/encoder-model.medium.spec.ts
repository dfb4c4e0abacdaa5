import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomNumbers } from '@millrace/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { allMiniLmL6V2 } from '../catalogue/entries.ts';
import { cosine } from '../testing/cosine.ts';
import { pulledModel } from '../testing/pulled-model.ts';
import { dims, smallEncoder, type EncoderVariation } from '../testing/small-encoder.ts';
import { EncoderModel } from './encoder-model.ts';
import type { EmbedderStart } from './protocol.ts';

const packed = { cpu: 256, cuda: 256 };
const random = randomNumbers(7);
const textsOf = (lengths: readonly number[]): Int32Array[] =>
  lengths.map((length) => Int32Array.from({ length }, () => 1 + Math.floor(random() * 998)));
const texts = textsOf([3, 40, 200, 5, 300, 41, 4, 39]);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-encoder-'));
  return () => rm(folder, { recursive: true, force: true });
});

async function open(variation: EncoderVariation, more: Partial<EmbedderStart> = {}): Promise<EncoderModel> {
  const file = join(folder, 'model.onnx');
  await writeFile(file, smallEncoder(variation));
  const manifest = { dims, pooling: 'mean', normalise: true } as const;
  return EncoderModel.open({ file, fuses: false, providers: ['cpu'], manifest, ...more });
}

describe('an encoder with several texts a run', () => {
  it.each(['mean', 'cls'] as const)(
    'gives each the vector that it has alone, pooled by %s',
    async (pooling) => {
      const manifest = { dims, pooling, normalise: true };
      const one = await open({}, { manifest });
      const several = await open({}, { manifest, paddedTokens: packed });
      expect([one.runTokens, several.runTokens]).toEqual([0, 256]);
      const [alone, together] = [await one.embedAll(texts), await several.embedAll(texts)];
      expect(together).toHaveLength(texts.length);
      for (const [at, vector] of together.entries())
        expect(cosine(vector, alone[at]!), `text ${at}`).toBeGreaterThan(0.999_999);
    },
  );

  it.each([{ mixesTexts: true }, { oneText: true }])(
    'takes one a run where the graph is %o: it must not matter who comes along',
    async (variation) => {
      const model = await open(variation, { paddedTokens: packed });
      expect(model.runTokens).toBe(0);
      expect(await model.embedAll(texts)).toHaveLength(texts.length);
    },
  );

  it('reads half precision', async () => {
    const [half, whole] = [await open({ half: true }, { paddedTokens: packed }), await open({})];
    const [near, exact] = [await half.embedAll(texts), await whole.embedAll(texts)];
    for (const [at, vector] of near.entries()) expect(cosine(vector, exact[at]!)).toBeGreaterThan(0.999_99);
  });

  it.skipIf(!pulledModel(allMiniLmL6V2))('is refused to a model in dynamic int8', async () => {
    const { manifest } = allMiniLmL6V2;
    const file = join(pulledModel(allMiniLmL6V2)!, 'model.onnx');
    const model = await open({}, { file, manifest, paddedTokens: packed });
    expect(model.runTokens).toBe(0);
  });
});
