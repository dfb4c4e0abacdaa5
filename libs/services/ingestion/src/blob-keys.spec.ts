import { blobKeyPattern } from '@millrace/ports';
import { expect, it } from 'vitest';
import { documentPrefix, folderOf, folderTime, newFolder } from './blob-keys.ts';

it.each(['a', 'käse 🧀', "quote's/../x", '.hidden', 'a'.repeat(256)])(
  'the id %s makes a key that stores take',
  (id) => {
    const key = `${newFolder('acme', id, 1_750_000_000_000).prefix}source.json`;
    expect(key).toMatch(blobKeyPattern);
    expect(key.startsWith(documentPrefix('acme', id))).toBe(true);
  },
);

it('documents have folders apart, also under ids that only differ in case', () => {
  const prefixes = [documentPrefix('acme', 'a'), documentPrefix('acme', 'A'), documentPrefix('other', 'a')];
  expect(new Set(prefixes).size).toBe(3);
});

it('a folder knows when it was made', () => {
  const { prefix } = newFolder('acme', 'a', 1_750_000_000_123);
  expect(folderTime(prefix)).toBe(1_750_000_000_123);
  expect(folderOf(`${prefix}parsed.json`)).toBe(prefix);
});

it('two pushes of one moment do not share a folder', () => {
  expect(newFolder('acme', 'a', 5).prefix).not.toBe(newFolder('acme', 'a', 5).prefix);
});
