import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { allMiniLmL6V2, OnnxEmbedder } from '@millrace/adapters/onnx';
import { DriftWatch, VectorFeatures, type Drift } from '@millrace/platform';
import type { EmbedOptions } from '@millrace/ports';
import { modelsDir, sharedData, workersDir } from '@millrace/testing';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

const modelDir = fileURLToPath(new URL(`${allMiniLmL6V2.name}/`, modelsDir));
const xquad = sharedData('qa/xquad.en.json');
const cranfield = sharedData('retrieval/cranfield');

const needs = [
  [existsSync(modelDir + allMiniLmL6V2.files[0]!.name), `the model ${allMiniLmL6V2.name}`],
  [xquad, '../shared/data/qa/xquad.en.json'],
  [cranfield, '../shared/data/retrieval/cranfield'],
] as const;
const absent = needs.flatMap(([found, name]) => (found ? [] : [name]));

interface Article {
  readonly paragraphs: readonly {
    readonly context: string;
    readonly qas: readonly { readonly question: string }[];
  }[];
}

const articles = (): Article[] => (JSON.parse(readFileSync(xquad!, 'utf8')) as { data: Article[] }).data;
const lines = (name: string): string[] =>
  readFileSync(`${cranfield}/${name}`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { text: string }).text)
    .filter(Boolean);

/** Vectors of the model that serves. */
const real = {
  /** By article. */
  questions: [] as Float32Array[][],
  paragraphs: [] as Float32Array[],
  engineers: [] as Float32Array[],
  abstracts: [] as Float32Array[],
};

async function embedAll(): Promise<void> {
  const embedder = await OnnxEmbedder.open({ entry: allMiniLmL6V2, modelDir, workersDir });
  const embed = async (texts: readonly string[], kind: EmbedOptions['kind']) => [
    ...(await embedder.embed(texts, { kind, lane: 'bulk', truncate: true })).vectors,
  ];
  try {
    for (const { paragraphs } of articles()) {
      const asked = paragraphs.flatMap(({ qas }) => qas.map(({ question }) => question));
      real.questions.push(await embed(asked, 'query'));
      const written = paragraphs.map(({ context }) => context);
      real.paragraphs.push(...(await embed(written, 'passage')));
    }
    real.engineers = await embed(lines('queries.jsonl'), 'query');
    real.abstracts = await embed(lines('corpus.jsonl').slice(0, 240), 'passage');
  } finally {
    await embedder.close();
  }
}

/** Of all vectors, made once for a thousand runs. */
class MadeFeatures {
  private readonly features = new VectorFeatures(384, Math.random);
  private readonly made = new Map<Float32Array, Float32Array>();

  keep(vector: Float32Array): Float32Array {
    const made = this.made.get(vector) ?? this.features.keep(vector);
    this.made.set(vector, made);
    return made;
  }

  of(kept: readonly Float32Array[]): Float32Array[] {
    return this.features.of(kept);
  }
}

const begin = (samples: number, features = new MadeFeatures()) =>
  new DriftWatch(features, { samples, lastsMs: 0, oneFalseAlarmIn: 1000 });

/** What of these vectors, shown one after the other, had drifted. */
async function show(watch: DriftWatch<Float32Array>, vectors: readonly Float32Array[]): Promise<Drift[]> {
  const found: Drift[] = [];
  for (const vector of vectors) {
    const drift = await watch.note(vector);
    if (drift) found.push(drift);
  }
  return found;
}

function shuffled<T>(all: readonly T[]): T[] {
  const left = [...all];
  for (let at = left.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [left[at], left[other]] = [left[other]!, left[at]!];
  }
  return left;
}

/** More alarms than these in a thousand windows come of the stated rate in one of ten thousand tries. */
const most = [
  [0.001, 6],
  [0.01, 23],
  [0.05, 78],
] as const;
const runs = 1_000;

describe('drift of real vectors', () => {
  beforeAll(() => (absent.length > 0 ? undefined : embedAll()), 120_000);
  beforeEach((context) => context.skip(absent.length > 0, `not there: ${absent.join(', ')}`));

  it('is seen in no more than the stated share of 1,000 windows of the same questions', async () => {
    const all = real.questions.flat();
    const features = new MadeFeatures();
    const values: number[] = [];
    for (let run = 0; run < runs; run++) {
      const watch = begin(200, features);
      await show(watch, shuffled(all).slice(0, 400));
      values.push(watch.latest!.pValue);
    }
    for (const [rate, bound] of most)
      expect(values.filter((value) => value <= rate).length, `at ${rate}`).toBeLessThanOrEqual(bound);
  });

  it('is seen in the first window of questions about something else', async () => {
    const watch = begin(100);
    await show(watch, shuffled(real.questions.flat()).slice(0, 100));
    expect(await show(watch, shuffled(real.engineers).slice(0, 100))).toHaveLength(1);
  });

  it('is seen in the first window of questions about other articles of the same encyclopedia', async () => {
    const watch = begin(200);
    await show(watch, shuffled(real.questions.slice(0, 24).flat()).slice(0, 200));
    expect(await show(watch, shuffled(real.questions.slice(24).flat()).slice(0, 200))).toHaveLength(1);
  });

  it('is seen within two windows where three questions in ten are about something else', async () => {
    const watch = begin(200);
    const [engineers, all] = [shuffled(real.engineers), shuffled(real.questions.flat())];
    await show(watch, all.slice(0, 200));
    const mixed = [0, 1].flatMap((n) =>
      shuffled([...engineers.slice(60 * n, 60 * n + 60), ...all.slice(200 + 140 * n, 340 + 140 * n)]),
    );
    expect(await show(watch, mixed)).toHaveLength(1);
  });

  it('is seen in the first window of documents about something else', async () => {
    const watch = begin(100);
    await show(watch, shuffled(real.paragraphs).slice(0, 100));
    expect(await show(watch, shuffled(real.abstracts).slice(0, 100))).toHaveLength(1);
  });
});
