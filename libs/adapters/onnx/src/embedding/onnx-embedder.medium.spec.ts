import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MillraceError } from '@millrace/contracts';
import { workersDir } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import golden from '../../fixtures/all-minilm-l6-v2.golden.json' with { type: 'json' };
import { allMiniLmL6V2 } from '../catalogue/entries.ts';
import { cosine } from '../testing/cosine.ts';
import { pulledModel } from '../testing/pulled-model.ts';
import { OnnxEmbedder, type OnnxEmbedderOptions } from './onnx-embedder.ts';

const modelDir = pulledModel(allMiniLmL6V2);
const passage = { kind: 'passage', lane: 'bulk' } as const;
const sentence = (n: number): string =>
  `Passage ${n} is about ${['wheels', 'queues', 'rivers', 'grain'][n % 4]}. `.repeat(1 + (n % 5));

const open = (more: Partial<OnnxEmbedderOptions> = {}): Promise<OnnxEmbedder> =>
  OnnxEmbedder.open({ entry: allMiniLmL6V2, modelDir: modelDir!, workersDir, workers: 2, ...more });

/** The running worker processes of this test process. */
async function workerPids(embedder: OnnxEmbedder, count = 3): Promise<number[]> {
  await vi.waitFor(() => expect(embedder.health().workers).toBe(count), { timeout: 20_000, interval: 20 });
  return embedder.workerPids;
}

describe.skipIf(!modelDir)('OnnxEmbedder with all-MiniLM-L6-v2', () => {
  let embedder: OnnxEmbedder;
  beforeAll(async () => {
    embedder = await open();
  });
  afterAll(() => embedder.close());

  it('counts tokens exactly, special ones included', async () => {
    const short = golden.rows.filter(({ tokens }) => tokens < 512);
    const texts = short.map(({ text }) => text);
    expect(embedder.countTokens(texts)).toEqual(short.map(({ tokens }) => tokens));
    expect((await embedder.embed(texts, passage)).tokens).toBe(
      short.reduce((sum, { tokens }) => sum + tokens, 0),
    );
  });

  it('gives for token ids, with their special tokens or without, the vector of their text', async () => {
    const [text, ids] = ['mill', [4971]];
    const inputs = [text, ids, [101, ...ids, 102]];
    const { vectors, tokens } = await embedder.embed(inputs, passage);
    expect(tokens).toBe(9);
    for (const vector of vectors) expect([...vector]).toEqual([...vectors[0]!]);
  });

  it('gives unit vectors that stay the same from run to run and among whatever neighbours', async () => {
    const texts = Array.from({ length: 24 }, (_, n) => sentence(n));
    const together = await embedder.embed(texts, passage);
    for (const [n, text] of texts.entries()) {
      const alone = await embedder.embed([text], { kind: 'query', lane: 'interactive' });
      expect(Math.hypot(...alone.vectors[0]!)).toBeCloseTo(1, 5);
      expect(cosine(together.vectors[n]!, alone.vectors[0]!)).toBeGreaterThan(0.99999);
    }
  });

  it('refuses a text of more than 512 tokens, or cuts it when told to', async () => {
    const long = 'mill '.repeat(511);
    expect(embedder.countTokens([long])).toEqual([513]);
    await expect(embedder.embed([long], passage)).rejects.toMatchObject({ code: 'input_too_long' });
    const cut = await embedder.embed([long], { ...passage, truncate: true });
    expect(cut.tokens).toBe(512);
    const [whole] = (await embedder.embed(['mill '.repeat(510)], passage)).vectors;
    expect([...cut.vectors[0]!]).toEqual([...whole!]);
  });

  it('embeds an empty text and a request without texts', async () => {
    expect((await embedder.embed([''], passage)).vectors[0]).toHaveLength(384);
    expect((await embedder.embed([], passage)).vectors).toEqual([]);
  });

  it('names the provider that won the probe, and says where the time went', async () => {
    const { millis } = await embedder.embed(['where did it go'], passage);
    expect(Object.keys(millis)).toEqual(['load', 'tokenize', 'queue', 'inference']);
    expect(embedder.health()).toMatchObject({ ready: true, provider: 'cpu' });
  });

  it('answers a query while bulk work waits', async () => {
    await workerPids(embedder);
    const done: string[] = [];
    const texts = Array.from({ length: 200 }, (_, n) => sentence(n));
    const bulk = embedder.embed(texts, passage).then(() => done.push('bulk'));
    await embedder
      .embed(['which first?'], { kind: 'query', lane: 'interactive' })
      .then(() => done.push('query'));
    await bulk;
    expect(done).toEqual(['query', 'bulk']);
  });

  it('loses no request when workers are killed, and has as many as before again', async () => {
    const before = await workerPids(embedder);
    const texts = Array.from({ length: 300 }, (_, n) => `${n}: ${sentence(n)}`);
    const answers = texts.map((text) => embedder.embed([text], passage));
    await Promise.race(answers);
    for (const pid of before) process.kill(pid, 'SIGKILL');
    const vectors = (await Promise.all(answers)).map((answer) => answer.vectors[0]!);
    const again = await embedder.embed(texts, passage);
    for (const [n, vector] of vectors.entries())
      expect(cosine(vector, again.vectors[n]!)).toBeGreaterThan(0.99999);
    expect((await workerPids(embedder)).filter((pid) => before.includes(pid))).toEqual([]);
  });

  it('replaces a process that has grown, and loses no request by it', async () => {
    const small = await open({ workers: 1, queryWorker: false, growthMb: 0.001 });
    const [before] = await workerPids(small, 1);
    const texts = Array.from({ length: 6 }, (_, n) => `${n} ${'mill '.repeat(400)}`);
    const answers = await Promise.all(texts.map((text) => small.embed([text], passage)));
    expect(answers.map(({ vectors }) => vectors.length)).toEqual(texts.map(() => 1));
    expect(small.recycles).toBeGreaterThan(0);
    expect(await workerPids(small, 1)).not.toContain(before);
    await small.close();
  });
});

describe.skipIf(!modelDir)('OnnxEmbedder at its limits', () => {
  it('refuses what would wait beyond the limit, and says when to come back', async () => {
    const embedder = await open({
      workers: 1,
      queryWorker: false,
      waitingTokens: { interactive: 100, bulk: 3000 },
    });
    const text = 'mill '.repeat(498); // 500 tokens
    const flood = Array.from({ length: 12 }, () => embedder.embed([text], passage));
    const outcomes = await Promise.allSettled(flood);
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as MillraceError] : [],
    );
    expect(refused.length).toBeGreaterThanOrEqual(4);
    for (const { code, retryAfter } of refused) {
      expect(code).toBe('queue_full');
      expect(retryAfter).toBeGreaterThanOrEqual(1);
    }
    expect(refused.length).toBeLessThan(12);
    await embedder.close();
  });

  it('finishes what it has taken on before it closes, and takes nothing more', async () => {
    const embedder = await open({ workers: 1, queryWorker: false });
    const answers = Array.from({ length: 20 }, (_, n) => embedder.embed([sentence(n)], passage));
    await answers[0];
    const closed = embedder.close();
    await expect(embedder.embed(['too late'], passage)).rejects.toMatchObject({ code: 'shutting_down' });
    expect(await Promise.all(answers)).toHaveLength(20);
    await closed;
  });
});

describe('OnnxEmbedder without its model', () => {
  it('says what is missing, and starts by itself once it is there', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'millrace-embedder-'));
    const embedder = await open({ modelDir: dir, workers: 1, queryWorker: false });
    expect(embedder.health()).toMatchObject({ ready: false, fault: { code: 'models_missing' } });
    await expect(embedder.embed(['x'], passage)).rejects.toMatchObject({
      code: 'models_missing',
      message: expect.stringContaining('model.onnx is missing') as string,
    });
    if (modelDir) {
      await cp(modelDir, dir, { recursive: true });
      expect((await embedder.embed(['x'], passage)).vectors).toHaveLength(1);
    }
    await embedder.close();
    await rm(dir, { recursive: true });
  });

  it.skipIf(!modelDir)(
    'says so as well when it goes while workers run, and is back with it',
    { timeout: 60_000 },
    async () => {
      const dir = await mkdtemp(join(tmpdir(), 'millrace-embedder-'));
      await cp(modelDir!, dir, { recursive: true });
      const embedder = await open({ modelDir: dir, workers: 1, queryWorker: false });
      await embedder.embed(['x'], passage);
      await rm(join(dir, 'model.onnx'));
      for (const pid of embedder.workerPids) process.kill(pid, 'SIGKILL');
      await vi.waitFor(() => expect(embedder.health().ready).toBe(false), { timeout: 20_000 });
      await expect(embedder.embed(['x'], passage)).rejects.toMatchObject({ code: 'models_missing' });
      expect(embedder.health().fault).toMatchObject({ code: 'models_missing' });
      await cp(modelDir!, dir, { recursive: true });
      await vi.waitFor(() => expect(embedder.health()).toMatchObject({ ready: true }), { timeout: 30_000 });
      expect(embedder.health().fault).toBeUndefined();
      expect((await embedder.embed(['x'], passage)).vectors).toHaveLength(1);
      await embedder.close();
      await rm(dir, { recursive: true });
    },
  );

  it('tells callers when the worker cannot start', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'millrace-embedder-'));
    const broken = {
      ...allMiniLmL6V2,
      files: [{ name: 'model.onnx', bytes: 0, sha256: [sha256OfNothing] as const }],
    };
    await writeFile(join(dir, 'model.onnx'), '');
    const embedder = await open({ entry: broken, modelDir: dir, workers: 1, queryWorker: false });
    await expect(embedder.embed(['x'], passage)).rejects.toMatchObject({ code: 'dependency_unavailable' });
    await embedder.close();
    await rm(dir, { recursive: true });
  });
});

const sha256OfNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
