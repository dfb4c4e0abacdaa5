import { documentId, routes } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cursorAt, idAt } from './cursor.ts';

describe('a cursor', () => {
  it.each(['a', 'team/plan 1', '水'.repeat(256)])('leads back to the id it was made of: %s', (id) => {
    const { cursor } = routes.listDocuments.query.parse({ cursor: cursorAt(id) });
    expect(idAt(cursor, documentId)).toBe(id);
  });

  it.each(['', '!!!', 'known', `${cursorAt('known')}=`, cursorAt('known')])(
    'that no list of letters gave is refused: %s',
    (cursor) => {
      const refusal = { code: 'invalid_request', param: 'query.cursor' };
      expect(() => idAt(cursor, z.uuid())).toThrow(expect.objectContaining(refusal));
    },
  );

  it('is not needed', () => {
    expect(idAt(undefined, documentId)).toBeUndefined();
  });
});
