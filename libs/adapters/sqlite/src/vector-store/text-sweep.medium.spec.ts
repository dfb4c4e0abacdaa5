import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { StoredChunk } from '@millrace/ports';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { entry } from '../thread/thread-harness.ts';
import { SqliteVectorStore } from './vector-store.ts';

const [collection, tenant, word] = ['words', 't', 'xaveriusquill'];
let folder: string;
let store: SqliteVectorStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-sweep-'));
  await open();
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(): Promise<void> {
  store = await SqliteVectorStore.open({ entry, file: join(folder, 'vectors.sqlite') });
  await store.ensureCollection({ name: collection, dims: 4 });
}

async function put(document: string, ...terms: string[]): Promise<void> {
  const version = { tenant, document, version: 1 };
  const chunk: StoredChunk = {
    ...{ id: randomUUID(), ordinal: 0, text: 'text', start: 0, end: 4, tokens: 1, headings: [] },
    ...{ vector: Float32Array.of(1, 0, 0, 0), terms, metadata: {}, acl: [] },
  };
  await store.stage(collection, version, [chunk]);
  await store.publish(collection, version, 1);
}

/** All that the store keeps on the disk, its write-ahead log included. */
async function isOnDisk(text: string): Promise<boolean> {
  const files = (await readdir(folder)).map((name) => readFile(join(folder, name)));
  return (await Promise.all(files)).some((content) => content.includes(text));
}

const untilGone = (text: string) =>
  vi.waitFor(async () => expect(await isOnDisk(text)).toBe(false), { timeout: 10_000, interval: 100 });

async function found(term: string): Promise<number> {
  const hits = await store.search(collection, {
    tenant,
    access: [],
    terms: [term],
    fusion: 'dbsf',
    limit: 500,
  });
  return hits.length;
}

async function eraseOneOfMany(): Promise<void> {
  for (let n = 0; n < 300; n++) await put(`d${n}`, 'common', `own${n}x`, `more${n % 7}`);
  await put('secret', 'common', word);
  expect(await isOnDisk(word)).toBe(true);
  expect(await store.remove(collection, { tenant, document: 'secret', version: 2 })).toEqual({ removed: 1 });
}

it('takes the words of an erased document out of the file, and leaves the others', async () => {
  await eraseOneOfMany();
  await untilGone(word);
  expect([await found('common'), await found('own123x')]).toEqual([300, 1]);
});

it('does it after the next start, when it could not before', async () => {
  await eraseOneOfMany();
  await store.close();
  expect(await isOnDisk(word)).toBe(true);
  await open();
  await untilGone(word);
  expect(await found('common')).toBe(300);
});

it('covers erasures during a sweep', async () => {
  await eraseOneOfMany();
  for (let n = 0; n < 300; n += 2) {
    await store.remove(collection, { tenant, document: `d${n}`, version: 2 });
    await pause(10);
  }
  await untilGone('own298x');
  await untilGone('own0x');
  expect([await found('common'), await found('own123x')]).toEqual([150, 1]);
});
