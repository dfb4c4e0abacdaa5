import { MillraceError } from '@millrace/contracts';
import type { BlobStore } from '@millrace/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { text, unique, utf8, type Harness } from './harness.ts';

/**
 * Holds an adapter to every promise of `BlobStore`. `open` may be called again, for a second store on the same
 * data; set `limits.maxBytes` to 16 MiB or less.
 */
export function blobStoreConformance(name: string, factory: () => Promise<Harness<BlobStore>>): void {
  describe(`${name} as a blob store`, () => {
    let harness: Harness<BlobStore>;
    let blobs: BlobStore;
    /** A folder of this test alone. */
    let folder: string;

    beforeEach(async () => {
      harness = await factory();
      blobs = await harness.open();
      folder = unique('folder');
    });
    afterEach(() => harness.dispose());

    const putAll = (keys: readonly string[]): Promise<unknown> =>
      Promise.all(keys.map((key) => blobs.put(`${folder}/${key}`, utf8(key))));
    const listed = async (prefix: string, after?: string, limit?: number): Promise<string[]> => {
      const from = after === undefined ? undefined : `${folder}/${after}`;
      const keys = await blobs.list(`${folder}/${prefix}`, from, limit);
      return keys.map((key) => key.slice(folder.length + 1));
    };

    describe('storing', () => {
      it('gives back the bytes that were put', async () => {
        const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 256);
        await blobs.put(`${folder}/acme/sources/a-1_b.bin`, bytes);
        expect(plain(await blobs.get(`${folder}/acme/sources/a-1_b.bin`))).toEqual(bytes);
      });

      it('knows nothing of a key that was never put', async () => {
        expect(await blobs.get(`${folder}/none`)).toBeUndefined();
        expect(await blobs.delete(`${folder}/none`)).toBe(false);
      });

      it('takes an empty blob, one of the largest size, and none larger', async () => {
        const { maxBytes } = blobs.limits;
        await blobs.put(`${folder}/empty`, new Uint8Array(0));
        expect(await blobs.get(`${folder}/empty`)).toHaveLength(0);
        await blobs.put(`${folder}/largest`, new Uint8Array(maxBytes).fill(7));
        const largest = await blobs.get(`${folder}/largest`);
        expect([largest?.byteLength, largest?.at(-1)]).toEqual([maxBytes, 7]);
        const tooLarge = new Uint8Array(maxBytes + 1);
        await expect(blobs.put(`${folder}/larger`, tooLarge)).rejects.toThrow(MillraceError);
        await expect(blobs.putIfAbsent(`${folder}/larger`, tooLarge)).rejects.toThrow(MillraceError);
        expect(await blobs.get(`${folder}/larger`)).toBeUndefined();
      });

      it('reads up to a size, and refuses what is larger', async () => {
        await blobs.put(`${folder}/a`, new Uint8Array(1000));
        expect(await blobs.get(`${folder}/a`, 1000)).toHaveLength(1000);
        await expect(blobs.get(`${folder}/a`, 999)).rejects.toMatchObject({ code: 'blob_too_large' });
        expect(await blobs.get(`${folder}/none`, 0)).toBeUndefined();
      });

      it('refuses what is too large any number of times without running out of connections', async () => {
        const size = Math.min(blobs.limits.maxBytes, 2 * 1024 * 1024);
        await blobs.put(`${folder}/a`, new Uint8Array(size));
        const asked = Array.from({ length: 200 }, () => blobs.get(`${folder}/a`, 10));
        const answers = await Promise.allSettled(asked);
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['rejected']));
        expect(await blobs.get(`${folder}/a`)).toHaveLength(size);
      });

      it('replaces what was there', async () => {
        await blobs.put(`${folder}/a`, utf8('a long first content'));
        await blobs.put(`${folder}/a`, utf8('second'));
        expect(text(await blobs.get(`${folder}/a`))).toBe('second');
      });

      it('keeps no hold of the caller’s bytes', async () => {
        const bytes = utf8('before');
        await blobs.put(`${folder}/a`, bytes);
        bytes.fill(0);
        expect(text(await blobs.get(`${folder}/a`))).toBe('before');
      });

      it('shows a blob whole while it is being replaced', async () => {
        const contents = [1, 2].map((fill) => new Uint8Array(256 * 1024).fill(fill));
        await blobs.put(`${folder}/a`, contents[0]!);
        let writing = true;
        const write = async (): Promise<void> => {
          for (let round = 0; round < 20; round++) await blobs.put(`${folder}/a`, contents[round % 2]!);
          writing = false;
        };
        const read = async (): Promise<void> => {
          while (writing) {
            const bytes = await blobs.get(`${folder}/a`);
            expect(bytes?.byteLength).toBe(256 * 1024);
            expect(new Set(bytes).size).toBe(1);
          }
        };
        await Promise.all([write(), read()]);
      });

      it('is seen by a second store on the same data', async () => {
        await blobs.put(`${folder}/a`, utf8('shared'));
        const second = await harness.open();
        expect(text(await second.get(`${folder}/a`))).toBe('shared');
        expect(await second.healthy()).toBe(true);
      });
    });

    describe('storing once', () => {
      it('has exactly one winner among twenty, whose bytes stay', async () => {
        const contents = Array.from({ length: 20 }, (_, index) => `content ${index}`);
        const put = (content: string) => blobs.putIfAbsent(`${folder}/a`, utf8(content));
        const won = await Promise.all(contents.map(put));
        expect(won.filter(Boolean)).toHaveLength(1);
        expect(text(await blobs.get(`${folder}/a`))).toBe(contents[won.indexOf(true)]);
      });

      it('leaves what is there, and can be won again after a delete', async () => {
        await blobs.put(`${folder}/a`, utf8('first'));
        expect(await blobs.putIfAbsent(`${folder}/a`, utf8('second'))).toBe(false);
        expect(text(await blobs.get(`${folder}/a`))).toBe('first');
        await blobs.delete(`${folder}/a`);
        expect(await blobs.putIfAbsent(`${folder}/a`, utf8('third'))).toBe(true);
        expect(text(await blobs.get(`${folder}/a`))).toBe('third');
      });
    });

    describe('deleting', () => {
      it('deletes one key', async () => {
        await putAll(['a', 'b']);
        expect(await blobs.delete(`${folder}/a`)).toBe(true);
        expect(await blobs.delete(`${folder}/a`)).toBe(false);
        expect(await blobs.get(`${folder}/a`)).toBeUndefined();
        expect(await listed('')).toEqual(['b']);
      });

      it('deletes all under a prefix and nothing beside it', async () => {
        await putAll(['doc/1', 'doc/2', 'doc/deep/er/3', 'doc2/1', 'do/1', 'other']);
        expect(await blobs.deleteAll(`${folder}/doc/`)).toBe(3);
        expect(await listed('')).toEqual(['do/1', 'doc2/1', 'other']);
        expect(await blobs.deleteAll(`${folder}/doc/`)).toBe(0);
      });

      it('deletes more keys than fit on a page', async () => {
        const keys = Array.from({ length: 1_100 }, (_, index) => `many/${index}`);
        for (let from = 0; from < keys.length; from += 100) await putAll(keys.slice(from, from + 100));
        expect(await blobs.deleteAll(`${folder}/many/`)).toBe(1_100);
        expect(await listed('')).toEqual([]);
      });

      it('takes puts into a folder that is being emptied', async () => {
        for (let round = 0; round < 20; round++) {
          await putAll(['x/y/old']);
          await Promise.all([blobs.deleteAll(`${folder}/x/y/`), putAll(['x/y/new', 'x/z/other'])]);
          expect(text(await blobs.get(`${folder}/x/z/other`))).toBe('x/z/other');
        }
      });
    });

    describe('listing', () => {
      it('lists keys under a prefix in the order of their characters', async () => {
        await putAll(['b', 'a/b', 'a-b', 'a.b', 'aa', 'a0/x', 'a/a/a', 'Z', '_']);
        const all = ['Z', '_', 'a-b', 'a.b', 'a/a/a', 'a/b', 'a0/x', 'aa', 'b'];
        expect(await listed('')).toEqual(all);
        expect(await listed('a/')).toEqual(['a/a/a', 'a/b']);
        expect(await listed('none/')).toEqual([]);
      });

      it('lists in pages', async () => {
        const keys = Array.from({ length: 25 }, (_, index) => `p/${String(index).padStart(2, '0')}/x`);
        await putAll(keys);
        const pages: string[][] = [];
        for (let after: string | undefined; pages.at(-1)?.length !== 0; after = pages.at(-1)?.at(-1))
          pages.push(await listed('p/', after, 10));
        expect(pages.map(({ length }) => length)).toEqual([10, 10, 5, 0]);
        expect(pages.flat()).toEqual(keys);
        expect(await listed('p/', 'p/10/a', 1)).toEqual(['p/10/x']);
      });
    });

    describe('keys', () => {
      const bad = ['', '/', '/a', 'a/', 'a//b', '.', '..', '../a', 'a/../b', 'a/./b', '.a', 'a/.b', 'a\\b'];
      const worse = ['a b', 'ä', 'a\u0000b', 'a\n', 'a:b', 'a%2e', `${'a/'.repeat(256)}b`];

      it.each([...bad, ...worse])('refuses %j', async (key) => {
        await expect(blobs.put(key, utf8('x'))).rejects.toThrow(MillraceError);
        await expect(blobs.putIfAbsent(key, utf8('x'))).rejects.toThrow(MillraceError);
        await expect(blobs.get(key)).rejects.toThrow(MillraceError);
        await expect(blobs.delete(key)).rejects.toThrow(MillraceError);
      });

      it('takes one of 512 characters', async () => {
        const key = `${folder}/${'part-of.it/'.repeat(50)}`.slice(0, 511) + 'x';
        await blobs.put(key, utf8('long'));
        expect(text(await blobs.get(key))).toBe('long');
        expect(await blobs.list(`${folder}/`)).toEqual([key]);
      });

      it.each(['', 'a', '/', 'a//', '../', 'a/../'])('deletes nothing for the prefix %j', async (prefix) => {
        await putAll(['a/b']);
        await expect(blobs.deleteAll(prefix)).rejects.toThrow(MillraceError);
        expect(await listed('')).toEqual(['a/b']);
      });
    });
  });
}

/** Without the class of a `Buffer`. */
const plain = (bytes: Uint8Array | undefined): Uint8Array | undefined => bytes && new Uint8Array(bytes);
