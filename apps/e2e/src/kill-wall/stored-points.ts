import { engine } from '@millrace/testing';

/** Both kinds of Qdrant answer these. */
async function ask<T>(path: string, body?: object): Promise<T> {
  const { url, apiKey } = engine('qdrant')!;
  const response = await fetch(url + path, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json', ...(apiKey && { 'api-key': apiKey }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`Qdrant answered ${response.status} to ${path}`);
  return ((await response.json()) as { result: T }).result;
}

/** Points of chunks that lie in an installation's collections, those that no search shows included. */
export async function storedPoints(installation: string): Promise<number> {
  const { collections } = await ask<{ collections: { name: string }[] }>('/collections');
  // Pointers have an owner instead.
  const filter = { must_not: [{ is_empty: { key: 'tenant' } }] };
  let points = 0;
  for (const { name } of collections)
    if (name.startsWith(installation))
      points += (await ask<{ count: number }>(`/collections/${name}/points/count`, { filter, exact: true }))
        .count;
  return points;
}
