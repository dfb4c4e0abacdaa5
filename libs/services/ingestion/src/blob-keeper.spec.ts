import type { Cache, KeptVersion, Registry } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { BlobKeeper } from './blob-keeper.ts';
import { newFolder } from './blob-keys.ts';
import { BlobsInMemory } from './testing/blobs-in-memory.ts';

const name = { tenant: 'acme', document: 'a' };

/** A document with its versions on record and blobs in folders of given times. */
class Shelf {
  readonly blobs = new BlobsInMemory();
  readonly forgotten: number[] = [];
  private readonly kept: KeptVersion[] = [];
  /** Whose cached entries were forgotten. */
  readonly uncached: string[] = [];
  isAway = false;
  private readonly cache = {
    forget: async (owner: string) => {
      if (this.isAway) throw new Error('away');
      return this.uncached.push(owner);
    },
  } as unknown as Cache;
  readonly keeper = new BlobKeeper(this.blobs, this.cache, {
    documents: {
      versions: async () => this.kept,
      forget: async (_tenant: string, _document: string, versions: number[]) =>
        void this.forgotten.push(...versions),
    },
  } as unknown as Registry);

  async folder(at: number, ...blobs: string[]): Promise<string> {
    const { prefix } = newFolder(name.tenant, name.document, at);
    for (const blob of blobs) await this.blobs.put(prefix + blob, new Uint8Array());
    return prefix;
  }

  async upsert(
    version: number,
    state: KeptVersion['state'],
    at: number,
    ...blobs: string[]
  ): Promise<string> {
    const prefix = await this.folder(at, 'source.json', ...blobs);
    this.kept.push({
      ...name,
      version,
      state,
      operation: 'upsert',
      source: `${prefix}source.json`,
      ...{ acceptedAt: at, saidAt: at },
    });
    return prefix;
  }

  delete(version: number, at: number): void {
    this.kept.push({ ...name, version, state: 'accepted', operation: 'delete', acceptedAt: at, saidAt: at });
  }
}

describe('tidying up', () => {
  it('removes what a newer version has overtaken, and of the live one nothing', async () => {
    const shelf = new Shelf();
    await shelf.upsert(1, 'deleted', 1, 'parsed.json', 'original');
    const live = await shelf.upsert(2, 'indexed', 2, 'parsed.json', 'vectors-m.f32');
    const coming = await shelf.upsert(3, 'embedded', 3, 'parsed.json', 'vectors-m.f32');
    await shelf.keeper.tidy({ ...name, version: 2 });
    expect(shelf.blobs.keys).toEqual(
      [
        ...[`${live}parsed.json`, `${live}source.json`, `${live}vectors-m.f32`],
        ...[`${coming}parsed.json`, `${coming}source.json`, `${coming}vectors-m.f32`],
      ].sort(),
    );
    expect(shelf.forgotten).toEqual([1]);
    expect(shelf.uncached).toEqual(['1@acme/a']);
  });
});

describe('tidying up while the cache cannot be told', () => {
  it('is not done, and is done when it comes again', async () => {
    const shelf = new Shelf();
    await shelf.upsert(1, 'deleted', 1);
    shelf.isAway = true;
    await expect(shelf.keeper.tidy({ ...name, version: 2 })).rejects.toThrow('away');
    expect(shelf.forgotten).toEqual([]);
    shelf.isAway = false;
    await shelf.keeper.tidy({ ...name, version: 2 });
    expect([shelf.uncached, shelf.forgotten]).toEqual([['1@acme/a'], [1]]);
  });
});

describe('erasing', () => {
  it('removes everything up to the delete and nothing of a later version', async () => {
    const shelf = new Shelf();
    await shelf.upsert(1, 'indexed', 10, 'parsed.json');
    shelf.delete(2, 20);
    const later = await shelf.upsert(3, 'accepted', 20);
    await shelf.folder(5, 'source.json');
    const erased = await shelf.keeper.erase({ ...name, version: 2 });
    expect(erased).toEqual({ blobs: 3, cached: 1, deletedAt: 20 });
    expect(shelf.uncached).toEqual(['acme/a']);
    expect(shelf.blobs.keys).toEqual([`${later}source.json`]);
  });

  it('removes a version that was accepted in the same millisecond as the delete', async () => {
    const shelf = new Shelf();
    await shelf.upsert(1, 'accepted', 20);
    shelf.delete(2, 20);
    await shelf.keeper.erase({ ...name, version: 2 });
    expect(shelf.blobs.keys).toEqual([]);
  });

  it('leaves what is being stored since the delete: it may become the next version any moment', async () => {
    const shelf = new Shelf();
    shelf.delete(2, 20);
    const coming = await shelf.folder(20, 'source.json');
    await shelf.keeper.erase({ ...name, version: 2 });
    expect(shelf.blobs.keys).toEqual([`${coming}source.json`]);
  });

  it('leaves other documents alone, and does nothing for a delete that is not known', async () => {
    const shelf = new Shelf();
    await shelf.blobs.put('acme/other/x', new Uint8Array());
    expect(await shelf.keeper.erase({ ...name, version: 2 })).toBeUndefined();
    shelf.delete(2, 20);
    await shelf.keeper.erase({ ...name, version: 2 });
    expect(shelf.blobs.keys).toEqual(['acme/other/x']);
  });
});

describe('what comes late', () => {
  it('goes when its version is gone or overtaken', async () => {
    const shelf = new Shelf();
    const gone = await shelf.folder(1, 'parsed.json');
    const overtaken = await shelf.upsert(2, 'deleted', 2, 'parsed.json');
    await shelf.keeper.dropIfGone({ ...name, version: 1 }, `${gone}parsed.json`);
    await shelf.keeper.dropIfGone({ ...name, version: 2 }, `${overtaken}parsed.json`);
    expect(shelf.blobs.keys).toEqual([]);
    expect(shelf.uncached).toEqual(['acme/a', 'acme/a']);
  });

  it('stays when its version is in use: the message was only repeated', async () => {
    const shelf = new Shelf();
    const live = await shelf.upsert(1, 'indexed', 1, 'parsed.json');
    await shelf.keeper.dropIfGone({ ...name, version: 1 }, `${live}parsed.json`);
    expect(shelf.blobs.keys).toHaveLength(2);
    expect(shelf.uncached).toEqual([]);
  });
});
