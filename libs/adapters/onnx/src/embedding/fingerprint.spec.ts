import { describe, expect, it } from 'vitest';
import { allMiniLmL6V2 } from '../catalogue/entries.ts';
import { fingerprint } from './fingerprint.ts';

describe('fingerprint', () => {
  const of = (
    change: Partial<typeof allMiniLmL6V2.manifest> = {},
    sha256 = 'ab',
    instructions = 'x64 avx2',
  ): string =>
    fingerprint(
      { ...allMiniLmL6V2, manifest: { ...allMiniLmL6V2.manifest, ...change } },
      sha256,
      instructions,
    );

  it('stays the same for the same model', () => {
    expect(of()).toBe(of());
  });

  it('changes with everything that changes a vector', () => {
    const others = [
      of({ pooling: 'cls' }),
      of({ normalise: false }),
      of({ prefixes: { query: 'query: ', passage: '' } }),
      of({ prefixes: { query: '', passage: 'passage: ' } }),
      of({ maxTokens: 256 }),
      of({ precision: 'fp32' }),
      of({}, 'cd'),
      of({}, 'ab', 'x64 avx512_vnni'),
    ];
    expect(new Set([of(), ...others]).size).toBe(others.length + 1);
  });

  it('does not depend on the processor when nothing is quantised', () => {
    expect(of({ precision: 'fp32' }, 'ab', 'x64 avx2')).toBe(of({ precision: 'fp32' }, 'ab', 'arm64 i8mm'));
  });

  it('is a hash from its first digit on, so that a part of it can name a collection', () => {
    expect(of()).toMatch(/^[0-9a-f]{32}$/);
  });
});
