import { describe, expect, it } from 'vitest';
import { documentId } from '@millrace/contracts';
import { documentIdOf } from './document-id.ts';

describe('the id of a dropped file', () => {
  it('is its path where that can be an id', async () => {
    for (const path of ['report.pdf', 'docs/größe 2.md']) expect(await documentIdOf(path)).toBe(path);
  });

  it('is the one that the CLI gives to the same file', async () => {
    expect(await documentIdOf('a(1).md')).toBe('a_1_-33bc8ddd.md');
  });

  it('is one that the server takes', async () => {
    for (const path of [
      'a(1).md',
      '../x',
      '/x',
      '..',
      'x'.repeat(400),
      `${'é('.repeat(200)}.pdf`,
      '\u202ex.md',
    ])
      expect(documentId.safeParse(await documentIdOf(path)).error, path).toBeUndefined();
  });
});
