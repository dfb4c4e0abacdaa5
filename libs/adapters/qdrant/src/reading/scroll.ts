import type { Schemas } from '@qdrant/js-client-rest';
import type { Collection } from '../collection/collection.ts';
import type { Filter } from '../filter/conditions.ts';

const pageSize = 1_000;

/** All points that pass a filter, by id, with the fields of their payload that are named. */
export async function scrollAll(
  collection: Collection,
  filter: Filter,
  fields: readonly string[],
): Promise<Schemas['Record'][]> {
  const records: Schemas['Record'][] = [];
  for (let offset: Schemas['ScrollResult']['next_page_offset']; ;) {
    const page = await collection.run((client, name) =>
      client.scroll(name, {
        ...{ filter, limit: pageSize, with_payload: [...fields], with_vector: false },
        ...(offset !== undefined && { offset }),
      }),
    );
    records.push(...page.points);
    offset = page.next_page_offset;
    if (offset === undefined || offset === null) return records;
  }
}
