import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workersDir } from '@millrace/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { allMiniLmL6V2 } from '../catalogue/entries.ts';
import { dims, smallEncoder } from '../testing/small-encoder.ts';
import { OnnxEmbedder } from './onnx-embedder.ts';

const passage = { kind: 'passage', lane: 'bulk' } as const;
const patient = { timeout: 30_000, interval: 20 };
const [own, other] = [smallEncoder(), smallEncoder({ half: true })];
const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let folder: string;
let embedder: OnnxEmbedder;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-replaced-'));
});
afterEach(async () => {
  await embedder.close();
  await rm(folder, { recursive: true });
});

async function put(bytes: Uint8Array): Promise<void> {
  await writeFile(join(folder, 'new.onnx'), bytes);
  await rename(join(folder, 'new.onnx'), join(folder, 'model.onnx'));
}

/** @param accepted builds of the model that may be there */
async function open(...accepted: Uint8Array[]): Promise<void> {
  await put(own);
  const sha256 = accepted.map(sha256Of) as [string];
  const entry = {
    ...allMiniLmL6V2,
    files: [{ name: 'model.onnx', bytes: own.length, sha256 }],
    manifest: { ...allMiniLmL6V2.manifest, dims },
  };
  embedder = await OnnxEmbedder.open({ entry, modelDir: folder, workersDir, workers: 1, queryWorker: false });
}

it.each([
  ['unknown', [own]],
  ['another build that is accepted', [own, other]],
])(
  'gives no vectors of a file that took the place of its own, %s, and goes on once that is back',
  async (_, accepted) => {
    await open(...accepted);
    const before = await embedder.embed([[200]], passage);
    await put(other);
    process.kill(embedder.workerPids[0]!, 'SIGKILL');
    await expect(embedder.embed([[200]], passage)).rejects.toMatchObject({ code: 'models_missing' });
    expect(embedder.health()).toMatchObject({ ready: false, fault: { code: 'models_missing' } });
    await put(own);
    await vi.waitFor(() => expect(embedder.health().ready).toBe(true), patient);
    const after = await embedder.embed([[200]], passage);
    expect(after.model.fingerprint).toBe(before.model.fingerprint);
    expect(after.vectors).toEqual(before.vectors);
  },
);
