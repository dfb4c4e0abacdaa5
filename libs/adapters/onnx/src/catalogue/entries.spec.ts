import { describe, expect, it } from 'vitest';
import { catalogue, defaultModels, embeddingModel } from './entries.ts';

describe('catalogue', () => {
  it.each(catalogue.map((entry) => [entry.name, entry] as const))(
    '%s can be had and checked whole',
    (name, entry) => {
      expect(name).toMatch(/^[a-z0-9.-]+$/);
      for (const { name: file, sha256 } of entry.files) {
        for (const sum of sha256) expect(sum).toMatch(/^[0-9a-f]{64}$/);
        expect(entry.sources.filter(({ files }) => files[file])).toHaveLength(entry.sources.length);
      }
    },
  );

  it('has each name once', () => {
    expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length);
  });

  it('keeps what a first start pulls small', () => {
    const bytes = defaultModels.flatMap(({ files }) => files).reduce((sum, file) => sum + file.bytes, 0);
    expect(bytes).toBeLessThan(60e6);
  });

  it('names what it knows when asked for another', () => {
    expect(() => embeddingModel('word2vec')).toThrow(/known: all-minilm-l6-v2, /);
  });
});
