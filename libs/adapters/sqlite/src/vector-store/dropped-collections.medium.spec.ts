import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StoredChunk } from '@millrace/ports';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { entry } from '../thread/thread-harness.ts';
import { SqliteVectorStore } from './vector-store.ts';

const dims = 64;
const [doomed, kept] = ['doomed', 'kept'];
const tables = [
  'space',
  'document',
  'staged',
  'chunk',
  'vector',
  'facet',
  'fact',
  'access',
  'posting',
  'dropped',
];
let folder: string;
let store: SqliteVectorStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-dropped-'));
  await open();
  await store.ensureCollection({ name: doomed, dims });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const file = (): string => join(folder, 'vectors.sqlite');

async function open(): Promise<void> {
  store = await SqliteVectorStore.open({ entry, file: file() });
}

const chunkOf = (ordinal: number, term: string): StoredChunk => ({
  ...{ id: randomUUID(), ordinal, text: 'text'.repeat(100), start: 0, end: 400, tokens: 1, headings: [] },
  ...{
    vector: new Float32Array(dims).fill(1 / 8),
    terms: [term],
    metadata: { ordinal },
    acl: [`reader${ordinal}`],
  },
});

/** Version 1 visible, version 2 staged. */
async function put(collection: string, tenant: string, document: string, size: number, term: string) {
  const version = { tenant, document, version: 1 };
  const chunks = Array.from({ length: size }, (_, ordinal) => chunkOf(ordinal, term));
  await store.stage(collection, version, chunks);
  await store.publish(collection, version, chunks.length);
  await store.stage(collection, { ...version, version: 2 }, chunks);
}

/** Several steps' worth. */
async function fill(collection: string, term: string): Promise<void> {
  for (const tenant of ['a', 'b'])
    for (const document of ['d0', 'd1', 'd2', 'd3']) await put(collection, tenant, document, 200, term);
}

/** How many rows each table has. */
function rows(): Record<string, unknown> {
  const database = new DatabaseSync(file(), { readOnly: true });
  const count = (table: string) => database.prepare(`SELECT count(*) AS n FROM ${table}`).get()!['n'];
  const counts = Object.fromEntries(tables.map((table) => [table, count(table)]));
  database.close();
  return counts;
}
const none = Object.fromEntries(tables.map((table) => [table, 0]));

async function isOnDisk(text: string): Promise<boolean> {
  const files = (await readdir(folder)).map((name) => readFile(join(folder, name)));
  return (await Promise.all(files)).some((content) => content.includes(text));
}
const untilGone = (text: string) =>
  vi.waitFor(async () => expect(await isOnDisk(text)).toBe(false), { timeout: 10_000, interval: 100 });

it('leaves no row of it, and its words leave the file', async () => {
  await fill(doomed, 'xaveriusquill');
  expect(await isOnDisk('xaveriusquill')).toBe(true);
  await store.drop(doomed);
  expect(rows()).toEqual(none);
  await untilGone('xaveriusquill');
});

it('goes on with it after the next start, when it was cut short', async () => {
  await fill(doomed, 'xaveriusquill');
  const dropping = expect(store.drop(doomed)).rejects.toMatchObject({ code: 'shutting_down' });
  await vi.waitFor(() => expect(rows()).toMatchObject({ dropped: 1 }), { interval: 1 });
  await store.close();
  await dropping;
  expect(rows()['staged']).toBeGreaterThan(0);
  await open();
  await vi.waitFor(() => expect(rows()).toEqual(none), { timeout: 10_000 });
  await untilGone('xaveriusquill');
});

it('gives nothing of it to one that is made meanwhile, under its name or another', async () => {
  await fill(doomed, 'mill');
  const dropping = store.drop(doomed);
  for (const name of [doomed, kept]) {
    await store.ensureCollection({ name, dims });
    expect(await store.count(name, 'a')).toBe(0);
    await put(name, 'a', 'd0', 10, 'mill');
  }
  expect(rows()).toMatchObject({ dropped: 1 });
  await dropping;
  for (const name of [doomed, kept]) expect(await store.count(name, 'a')).toBe(10);
  expect(rows()).toMatchObject({ space: 2, document: 2, staged: 20, chunk: 20, vector: 20, facet: 20 });
});

it('uses the room in the file again', async () => {
  await fill(doomed, 'mill');
  await store.close();
  const { size } = await stat(file());
  await open();
  for (let round = 0; round < 3; round++) {
    await store.drop(doomed);
    await store.ensureCollection({ name: doomed, dims });
    await fill(doomed, 'mill');
  }
  await store.close();
  expect((await stat(file())).size).toBeLessThan(size * 1.2);
});
