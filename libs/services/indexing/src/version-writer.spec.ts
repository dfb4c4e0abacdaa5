import type { ParsedDocument } from '@millrace/contracts';
import type { BlobStore, StoredChunk, VectorStore } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { VersionWriter } from './version-writer.ts';

const version = { tenant: 't', document: 'a book', version: 3 };
const words = (from: number) => Array.from({ length: 300 }, (_, n) => `word${from * 300 + n}ing`).join(' ');
const book = (pages: number): ParsedDocument => {
  const texts = Array.from({ length: pages }, (_, n) => words(n));
  return {
    ...{ title: 'A book', text: texts.join('\n'), metadata: {}, acl: [] },
    lineage: { mediaType: 'text/plain', parser: 'p', chunker: 'c' },
    chunks: texts.map((text, ordinal) => ({
      ...{ id: `chunk ${ordinal}`, ordinal, text, start: 0, end: text.length, headings: [] },
      ...{ tokens: 300 },
    })),
  };
};

/** Keeps what is staged, in its order. */
function collecting(maxBatch: number) {
  const staged: StoredChunk[][] = [];
  const store = {
    limits: { maxBatch, maxDims: 2, maxTopK: 1 },
    stage: async (...[, , chunks]: Parameters<VectorStore['stage']>) => void staged.push([...chunks]),
    publish: async () => ({ outcome: 'published' }),
  };
  const writer = new VersionWriter(store as unknown as VectorStore, {} as BlobStore);
  const write = (document: ParsedDocument, signal = new AbortController().signal) => {
    const vectors = document.chunks.map((_, row) => new Float32Array([row, 0]));
    return writer.write('c', version, { document, vectors }, signal);
  };
  return { staged, write };
}

describe('a version that is written', () => {
  it('goes to the store in batches, each chunk with its words and its vector', async () => {
    const { staged, write } = collecting(2);
    await write(book(5));
    expect(staged.map(({ length }) => length)).toEqual([2, 2, 1]);
    expect(staged.flat().map(({ ordinal, vector }) => [ordinal, vector[0]])).toEqual(
      [0, 1, 2, 3, 4].map((row) => [row, row]),
    );
    expect(staged[2]![0]!.terms).toContain('word1200ing');
    expect(staged[0]![0]!.terms.filter((term) => term === 'book')).toHaveLength(3);
  });

  it('leaves the event loop to others while the words of a large one are found', async () => {
    const { staged, write } = collecting(1000);
    const document = book(1000);
    let turns = 0;
    let over = false;
    const other = (): void => {
      turns++;
      if (!over) setImmediate(other);
    };
    setImmediate(other);
    await write(document);
    over = true;
    expect(staged).toHaveLength(1);
    expect(turns).toBeGreaterThan(3);
  });

  it('stops where it is given up', async () => {
    const { staged, write } = collecting(1);
    await expect(write(book(2), AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(staged).toEqual([]);
  });
});
