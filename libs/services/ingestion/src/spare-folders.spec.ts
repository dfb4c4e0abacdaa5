import { MillraceError } from '@millrace/contracts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SpareFolders } from './spare-folders.ts';
import { BlobsInMemory } from './testing/blobs-in-memory.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('a folder that cannot be removed is told, and goes once the store is back', async () => {
  const blobs = new BlobsInMemory();
  await blobs.put('acme/a/1/source.json', new Uint8Array());
  const spares = new SpareFolders(blobs);
  const away = vi.spyOn(blobs, 'deleteAll').mockRejectedValue(new MillraceError('dependency_unavailable'));
  await expect(spares.remove('acme/a/1/')).rejects.toMatchObject({ code: 'dependency_unavailable' });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(blobs.keys).toHaveLength(1);
  away.mockRestore();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(blobs.keys).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

it('nothing is tried any more by a process that ends', async () => {
  const blobs = new BlobsInMemory();
  const spares = new SpareFolders(blobs);
  vi.spyOn(blobs, 'deleteAll').mockRejectedValue(new MillraceError('dependency_unavailable'));
  await expect(spares.remove('acme/a/1/')).rejects.toThrow();
  spares.onModuleDestroy();
  expect(vi.getTimerCount()).toBe(0);
});
