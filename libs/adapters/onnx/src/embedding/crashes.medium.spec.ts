import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MillraceError } from '@millrace/contracts';
import { workersDir } from '@millrace/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { allMiniLmL6V2 } from '../catalogue/entries.ts';
import { dims, smallEncoder } from '../testing/small-encoder.ts';
import { OnnxEmbedder } from './onnx-embedder.ts';

const passage = { kind: 'passage', lane: 'bulk' } as const;
/** The tokenizer knows it, but the small encoder has no row for it: a run with it fails, and its process ends. */
const poison = [1_500];

let close: () => Promise<void>;
afterEach(() => close());

async function open(): Promise<OnnxEmbedder> {
  const modelDir = await mkdtemp(join(tmpdir(), 'millrace-crashes-'));
  const model = smallEncoder();
  await writeFile(join(modelDir, 'model.onnx'), model);
  const sha256 = [createHash('sha256').update(model).digest('hex')] as const;
  const entry = {
    ...allMiniLmL6V2,
    files: [{ name: 'model.onnx', bytes: model.length, sha256 }],
    manifest: { ...allMiniLmL6V2.manifest, dims },
  };
  const embedder = await OnnxEmbedder.open({ entry, modelDir, workersDir, workers: 1, queryWorker: false });
  close = async () => {
    await embedder.close();
    await rm(modelDir, { recursive: true });
  };
  return embedder;
}

const outcomeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'answered',
    (error: unknown) => MillraceError.from(error).code,
  );

describe('real processes that end', () => {
  it('by one text among others: that one alone is refused, after three of them, and at once when it comes again', async () => {
    const embedder = await open();
    const pids = new Set<number>();
    const watch = setInterval(() => embedder.workerPids.forEach((pid) => pids.add(pid)), 5);
    const inputs = [[200], [201], poison, [202], [203]];
    const outcomes = await Promise.all(inputs.map((ids) => outcomeOf(embedder.embed([ids], passage))));
    clearInterval(watch);
    expect(outcomes).toEqual(['answered', 'answered', 'poison_job', 'answered', 'answered']);
    expect(pids.size).toBeLessThanOrEqual(4);
    await vi.waitFor(() => expect(embedder.health().workers).toBe(1), { timeout: 20_000, interval: 5 });
    const before = embedder.workerPids;
    await expect(embedder.embed([[200], poison], passage)).rejects.toMatchObject({
      code: 'poison_job',
      detail: 'text 1 ended 2 workers before',
    });
    expect(embedder.workerPids).toEqual(before);
  });

  it('by kills from outside, as soon as they have the text in hand: it is answered all the same', async () => {
    const embedder = await open();
    const texts = Array.from({ length: 5 }, (_, n) => Array<number>(480).fill(200 + n));
    const answers = Promise.all(texts.map((ids) => outcomeOf(embedder.embed([ids], passage))));
    for (let kills = 0; kills < 5; kills++) {
      await vi.waitFor(() => expect(embedder.workerPids).toHaveLength(1), { timeout: 20_000, interval: 1 });
      const [pid] = embedder.workerPids;
      process.kill(pid!, 'SIGKILL');
      await vi.waitFor(() => expect(embedder.workerPids).not.toContain(pid), {
        timeout: 20_000,
        interval: 1,
      });
    }
    expect(await answers).toEqual(texts.map(() => 'answered'));
  });
});
