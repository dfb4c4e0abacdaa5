import { randomUUID } from 'node:crypto';
import { MillraceError } from '@millrace/contracts';
import { all, within } from '../filter/conditions.ts';
import type { Collection } from './collection.ts';

/**
 * Rejects where `update_filter` has no effect: a server before 1.16 takes it, ignores it and would let a late message
 * set a document back.
 */
export async function demandConditionalWrites(collection: Collection): Promise<void> {
  const id = randomUUID();
  const write = (state: number): Promise<unknown> =>
    collection.run((client, name) =>
      client.upsert(name, {
        ...{ wait: true, points: [{ id, vector: {}, payload: { state } }] },
        update_filter: all(within('state', { lt: state })),
      }),
    );
  await write(2);
  await write(1);
  const [probe] = await collection.run((client, name) => client.retrieve(name, { ids: [id] }));
  await collection.run((client, name) => client.delete(name, { wait: true, points: [id] }));
  if (probe?.payload?.['state'] !== 2)
    throw new MillraceError('internal', {
      detail: 'this Qdrant ignores conditional writes: 1.16 or newer is needed',
    });
}
