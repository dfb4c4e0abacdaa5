import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MillraceError } from '@millrace/contracts';
import type { Embedded, EmbedOptions } from '@millrace/ports';
import { modelsDir, workersDir } from '@millrace/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { allMiniLmL6V2, embeddingModels } from '../catalogue/entries.ts';
import { cosine } from '../testing/cosine.ts';
import { notPulled, pulledModel } from '../testing/pulled-model.ts';
import { OnnxEmbedders, type OnnxEmbeddersOptions } from './onnx-embedders.ts';

const passage: EmbedOptions = { kind: 'passage', lane: 'interactive' };
const [bge, e5] = ['bge-small-en-v1.5', 'e5-small-v2'] as const;
/** Bytes that one of them fits into, but not two. */
const oneAtATime = 220e6;
const absent = embeddingModels.filter((entry) => pulledModel(entry) === undefined);

let embedders: OnnxEmbedders;
afterEach(() => embedders.close());

const open = async (
  onDemand: Partial<OnnxEmbeddersOptions['onDemand']> = {},
  folder: string = fileURLToPath(modelsDir),
  others: OnnxEmbeddersOptions['others'] = embeddingModels,
): Promise<void> => {
  embedders = await OnnxEmbedders.open({
    default: allMiniLmL6V2,
    others,
    modelsDir: folder,
    workersDir,
    workers: 1,
    queryWorker: false,
    onDemand: { workers: 1, budgetBytes: 500e6, idleMs: 60_000, waitMs: 10_000, ...onDemand },
  });
};

const embed = async (model: string, ...texts: string[]): Promise<Embedded> =>
  (await embedders.get(model)).embed(texts, passage);
const stateOf = async (model: string) =>
  (await embedders.list()).find((state) => state.model.name === model)!;
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('OnnxEmbedders', () => {
  beforeEach((context) => context.skip(absent.length > 0, absent.map(notPulled).join('; ')));

  it('loads a model when it is first asked for, and says of each what it is doing', async () => {
    await open();
    expect((await embedders.list()).map(({ model, loaded }) => [model.name, loaded])).toEqual([
      ['all-minilm-l6-v2', true],
      [bge, false],
      [e5, false],
    ]);
    const { vectors, model, millis } = await embed(bge, 'a mill');
    expect(vectors[0]).toHaveLength(384);
    expect(model).toEqual((await embedders.get(bge)).model);
    expect(millis.load).toBeGreaterThan(0);
    expect(await stateOf(bge)).toMatchObject({
      loaded: true,
      workers: 1,
      requests: 1,
      loads: 1,
      unloads: 0,
    });
    expect((await stateOf(bge)).bytes).toBeGreaterThan(100e6);
    expect((await stateOf(e5)).bytes).toBe(0);
    expect((await embed('all-minilm-l6-v2', 'a mill')).model.fingerprint).not.toBe(model.fingerprint);
  });

  it('lets a model without work go, and loads it again to the same vectors', async () => {
    await open({ idleMs: 200 });
    const first = await embed(bge, 'a mill');
    await vi.waitFor(async () => expect((await stateOf(bge)).loaded).toBe(false), { timeout: 20_000 });
    const again = await embed(bge, 'a mill');
    expect(cosine(first.vectors[0]!, again.vectors[0]!)).toBeGreaterThan(0.99999);
    expect(await stateOf(bge)).toMatchObject({ loads: 2, unloads: 1, evictions: 0 });
  });

  it('answers every request for two models of which one fits into memory', { timeout: 120_000 }, async () => {
    await open({ budgetBytes: oneAtATime, waitMs: 60_000 });
    const alone = [await embed(bge, 'mill 3'), await embed(e5, 'mill 3')];
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) => embed([bge, e5][n % 2]!, `mill ${n % 7}`)),
    );
    expect(answers.map(({ model }) => model.name)).toEqual(answers.map((_, n) => [bge, e5][n % 2]));
    for (const [n, { vectors }] of answers.entries())
      if (n % 7 === 3) expect(cosine(vectors[0]!, alone[n % 2]!.vectors[0]!)).toBeGreaterThan(0.99999);
    const states = await Promise.all([stateOf(bge), stateOf(e5)]);
    expect(states.map(({ requests }) => requests)).toEqual([31, 31]);
    expect(states.filter(({ loaded }) => loaded)).toHaveLength(1);
    expect(states.reduce((sum, { evictions }) => sum + evictions, 0)).toBeGreaterThanOrEqual(2);
  });

  it('refuses for a while what others at work leave no memory for', async () => {
    await open({ budgetBytes: oneAtATime, waitMs: 100 });
    const long = Array.from({ length: 12 }, () => 'mill '.repeat(480));
    const working = embed(bge, ...long);
    await vi.waitFor(async () => expect((await stateOf(bge)).loaded).toBe(true), { timeout: 20_000 });
    await expect(embed(e5, 'a mill')).rejects.toMatchObject({ code: 'queue_full', retryAfter: 1 });
    expect((await working).vectors).toHaveLength(12);
  });

  it('says of a model that never fits that it does not', async () => {
    await open({ budgetBytes: 100e6 });
    await expect(embed(bge, 'a mill')).rejects.toMatchObject({ code: 'model_too_large' });
  });

  it('has the model in memory that serves, whatever room there is, and tells how that one is', async () => {
    await open({ budgetBytes: 0 });
    await expect(embed(bge, 'a mill')).rejects.toMatchObject({ code: 'model_too_large' });
    expect(embedders.health().name).toBe('all-minilm-l6-v2');
    embedders.hold([bge, 'all-minilm-l6-v2']);
    expect(embedders.health()).toMatchObject({ name: bge, ready: false });
    await vi.waitFor(() => expect(embedders.health()).toMatchObject({ name: bge, ready: true }), 20_000);
    expect((await embed(bge, 'a mill')).vectors).toHaveLength(1);
    embedders.hold(['no-such-model']);
    expect(embedders.health()).toMatchObject({ ready: false, fault: { code: 'model_not_found' } });
  });

  it('loses no request when the processes of a model are killed, and none is left at the end', async () => {
    await open();
    await embed(bge, 'a mill');
    const answers = Array.from({ length: 40 }, (_, n) => embed(bge, `mill ${n}`));
    await answers[0];
    const pids = embedders.workerPids(bge);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    expect(await Promise.all(answers)).toHaveLength(40);
    const running = embedders.workerPids(bge);
    await embedders.close();
    expect([...pids, ...running].filter(isAlive)).toEqual([]);
  });
});

describe('OnnxEmbedders whose file is replaced by another that the catalogue accepts', () => {
  const builds = [bge, e5].map((name) => embeddingModels.find((entry) => entry.name === name)!);
  const [first, second] = builds.map(pulledModel);
  let folder: string;
  beforeEach(async (context) => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-embedders-'));
    context.onTestFinished(() => rm(folder, { recursive: true }));
    context.skip(!(first && second), absent.map(notPulled).join('; '));
  });

  it('says what its vectors are of, whichever was there when somebody asked for it', async () => {
    const [one] = builds;
    const sha256 = builds.map(({ files }) => files[0]!.sha256[0]) as [string, string];
    await open({ idleMs: 50 }, folder, [{ ...one!, files: [{ ...one!.files[0]!, sha256 }] }]);
    await cp(first!, join(folder, bge), { recursive: true });
    const embedder = await embedders.get(bge);
    const before = (await embedder.embed(['a mill'], passage)).model.fingerprint;
    await vi.waitFor(async () => expect((await stateOf(bge)).loaded).toBe(false), { timeout: 20_000 });
    await cp(second!, join(folder, bge), { recursive: true });
    const after = (await embedder.embed(['a mill'], passage)).model.fingerprint;
    expect(after).not.toBe(before);
    expect((await embedders.get(bge)).model.fingerprint).toBe(after);
  });
});

describe('OnnxEmbedders without the files of a model', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-embedders-'));
    await open({}, folder);
    return () => rm(folder, { recursive: true });
  });

  it('names the command that gets one of the catalogue, and those there are for any other', async () => {
    const codeAndDetail = (error: unknown) => [
      MillraceError.from(error).code,
      MillraceError.from(error).detail,
    ];
    await expect(embedders.get(bge).catch(codeAndDetail)).resolves.toEqual([
      'models_missing',
      'bge-small-en-v1.5: model.onnx is missing; run npm run millrace -- models pull bge-small-en-v1.5',
    ]);
    await expect(embedders.get('word2vec').catch(codeAndDetail)).resolves.toEqual([
      'model_not_found',
      'for embeddings there are all-minilm-l6-v2',
    ]);
    expect((await embedders.list()).map(({ model }) => model.name)).toEqual(['all-minilm-l6-v2']);
  });

  it('takes one up that is put there meanwhile', async (context) => {
    const entry = embeddingModels.find(({ name }) => name === bge)!;
    const modelDir = pulledModel(entry);
    context.skip(modelDir === undefined, notPulled(entry));
    await cp(modelDir!, join(folder, entry.name), { recursive: true });
    expect((await embed(entry.name, 'a mill')).vectors).toHaveLength(1);
  });
});
