import { MillraceError } from '@millrace/contracts';
import type { z } from 'zod';

/** The place in a list after the item with this id. */
export const cursorAt = (id: string): string => Buffer.from(id).toString('base64url');

/** The id that a cursor stands at; it need not be there any more. Throws `invalid_request` for what `cursorAt` did not make. */
export function idAt(cursor: string | undefined, idSchema: z.ZodType<string>): string | undefined {
  if (cursor === undefined) return undefined;
  const id = idSchema.safeParse(Buffer.from(cursor, 'base64url').toString());
  if (!id.success || cursorAt(id.data) !== cursor)
    throw new MillraceError('invalid_request', {
      param: 'query.cursor',
      detail: 'take it from next_cursor of the page before',
    });
  return id.data;
}
