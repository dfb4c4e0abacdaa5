import { routes, type DocumentState, type documentPage } from '@millrace/contracts';
import type { z } from 'zod';
import type { MillraceClient } from './client.ts';

export type ListedDocument = z.infer<typeof documentPage>['data'][number];

const pageSize = 1000;

/** All documents, or those in one state, page by page. */
export async function* listDocuments(
  client: MillraceClient,
  state?: DocumentState,
): AsyncGenerator<ListedDocument> {
  for (let cursor: string | undefined; ;) {
    const query = { limit: pageSize, ...(state && { state }), ...(cursor && { cursor }) };
    const page = await client.call(routes.listDocuments, { query });
    yield* page.data;
    cursor = page.next_cursor;
    if (!cursor) return;
  }
}
