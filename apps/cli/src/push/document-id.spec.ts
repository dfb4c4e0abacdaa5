import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentId } from '@millrace/contracts';
import { documentIdOf } from './document-id.ts';

describe('the id of a file', () => {
  it('is its path where that can be an id', () => {
    for (const path of ['docs/a.md', 'Übersicht 2026/größe.pdf', 'a+b=c@d:e.txt', '日本/報告.md'])
      expect(documentIdOf(path)).toBe(path);
  });

  it('is the same on file systems that take letters and their accents apart', () => {
    expect(documentIdOf('cafe\u0301.md')).toBe('café.md');
  });

  it('has what the server refuses replaced, and a hash that keeps two such files apart', () => {
    expect(documentIdOf('a(1).md')).toBe('a_1_-33bc8ddd.md');
    expect(documentIdOf('a[1].md')).not.toBe(documentIdOf('a(1).md'));
  });

  it('is cut where the path is too long, and keeps its extension', () => {
    const id = documentIdOf(`${'folder/'.repeat(60)}report.pdf`);
    expect(id).toHaveLength(256);
    expect(id).toMatch(/-[0-9a-f]{8}\.pdf$/);
  });

  it('is valid whatever the path', () => {
    const units = fc.constantFrom(
      'a',
      'é',
      '/',
      '.',
      '..',
      '(',
      '\0',
      '\n',
      '🌾',
      '\ud800',
      ' ',
      '\u0301',
      '%',
      '-',
    );
    fc.assert(
      fc.property(fc.string({ unit: units, minLength: 1, maxLength: 300 }), (path) => {
        expect(documentId.safeParse(documentIdOf(path)).error).toBeUndefined();
      }),
    );
    for (const path of ['../../etc/passwd', '/etc/passwd', '..', 'a/../b', './a', '\0', '//', 'a/..'])
      expect(documentId.safeParse(documentIdOf(path)).error).toBeUndefined();
  });
});
