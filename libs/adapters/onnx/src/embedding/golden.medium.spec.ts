import { readFileSync } from 'node:fs';
import { workersDir } from '@millrace/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { embeddingModels } from '../catalogue/entries.ts';
import { int8Instructions } from '../runtime/cpu.ts';
import { cosine } from '../testing/cosine.ts';
import { notPulled, pulledModel } from '../testing/pulled-model.ts';
import { OnnxEmbedder } from './onnx-embedder.ts';

/** What another implementation gives for each row: see fixtures/README.md. */
interface Golden {
  readonly sha256: string;
  readonly rows: readonly {
    readonly kind: 'query' | 'passage';
    readonly text: string;
    readonly tokens: number;
  }[];
  /** By the instructions of the processor that they were made on. */
  readonly vectors: Readonly<Record<string, readonly string[]>>;
}

const goldenOf = (name: string): Golden =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${name}.golden.json`, import.meta.url), 'utf8')) as Golden;

/** Sixteen bits a value; the length does not matter to a cosine. */
function decode(base64: string): Int16Array {
  const bytes = Buffer.from(base64, 'base64');
  return Int16Array.from({ length: bytes.length / 2 }, (_, at) => bytes.readInt16LE(at * 2));
}

/**
 * They come of the graph as it was published, and ours runs its attention as one operation: the same sums in another order,
 * which int8 rounds to other steps here and there. In float32 the two agree: fuse-attention.medium.spec.ts.
 */
const floor = 0.997;
/** Of other processors: int8 products saturate on some, which moves few texts, and those by less than .001. */
const floorElsewhere = 0.995;

describe.each(embeddingModels.map((entry) => [entry.name, entry] as const))('%s', (name, entry) => {
  const modelDir = pulledModel(entry);
  const golden = goldenOf(name);
  let embedder: OnnxEmbedder;

  beforeAll(async () => {
    if (modelDir) embedder = await OnnxEmbedder.open({ entry, modelDir, workersDir, workers: 2 });
  });
  afterAll(() => modelDir && embedder.close());
  beforeEach((context) => context.skip(modelDir === undefined, notPulled(entry)));

  const embed = (kind: 'query' | 'passage', texts: readonly string[]) =>
    embedder.embed(texts, { kind, lane: 'bulk', truncate: true });

  it.each(['passage', 'query'] as const)(
    'gives the vectors of an independent implementation for each %s',
    async (kind) => {
      const own = golden.vectors[int8Instructions()];
      const expected = own ?? Object.values(golden.vectors)[0]!;
      const rows = golden.rows.flatMap((row, at) =>
        row.kind === kind ? [{ ...row, vector: expected[at]! }] : [],
      );
      const { vectors, tokens } = await embed(
        kind,
        rows.map(({ text }) => text),
      );
      expect(tokens).toBe(rows.reduce((sum, row) => sum + row.tokens, 0));
      for (const [at, { text, vector }] of rows.entries())
        expect(cosine(vectors[at]!, decode(vector)), text.slice(0, 60)).toBeGreaterThan(
          own ? floor : floorElsewhere,
        );
    },
  );

  it('was held to the file that is in use', () => {
    expect(entry.files.flatMap(({ sha256 }) => sha256)).toContain(golden.sha256);
  });

  it('gives each text a vector of unit length that does not depend on its neighbours', async () => {
    const texts = golden.rows.filter(({ kind }) => kind === 'passage').map(({ text }) => text);
    const together = await embed('passage', texts);
    for (const [at, text] of texts.entries()) {
      const alone = (await embed('passage', [text])).vectors[0]!;
      expect(Math.hypot(...alone)).toBeCloseTo(1, 5);
      expect(cosine(together.vectors[at]!, alone), text.slice(0, 60)).toBeGreaterThan(0.99999);
    }
  });
});
