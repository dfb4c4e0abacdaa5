import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { events, jobs, type DocumentStatus, type ErasureReceipt } from '@millrace/contracts';
import { Mill } from './mill.ts';

let mill: Mill;
beforeAll(async () => {
  mill = await Mill.start();
});
afterAll(() => mill.stop());

const eventually = <T>(assertion: () => Promise<T>): Promise<T> =>
  vi.waitFor(assertion, { timeout: 15_000, interval: 20 });

/** Where the source of a document's oldest version on record lies. */
async function folderOf(id: string): Promise<string> {
  const [oldest] = await mill.registry.documents.versions('default', id);
  return oldest!.source!.slice(0, oldest!.source!.lastIndexOf('/') + 1);
}

/** The blob names of one document, over all its versions. */
const blobsOf = async (id: string): Promise<string[]> =>
  namesUnder(`${(await folderOf(id)).split('/').slice(0, 2).join('/')}/`);

const namesUnder = async (prefix: string): Promise<string[]> =>
  (await mill.blobs.list(prefix)).map((key) => key.slice(key.lastIndexOf('/') + 1)).sort();

/** Of the live version. */
const kept = ['parsed.json', 'source.json', 'vectors-model.f32'];

describe('a document on its way', () => {
  it('is followed through every state, and keeps its original, its text and its vectors', async () => {
    const accepted = await mill.put('way', '# Weir\n\nThe weir is old.');
    expect(accepted).toEqual({
      status: 202,
      location: '/v1/documents/way',
      body: { id: 'way', version: 1, state: 'accepted' },
    });
    const status = await mill.waitFor('way', 'indexed');
    expect(status).toMatchObject({ state: 'indexed', version: 1, live_version: 1, chunks: 1 });
    await eventually(async () =>
      expect((await mill.waitFor('way', 'indexed')).history.map(({ state }) => state)).toEqual([
        ...['accepted', 'parsed', 'embedded', 'indexed'],
      ]),
    );
    await eventually(async () => expect(await blobsOf('way')).toEqual(kept));
    const content = await mill.request<{ text: string }>('GET', '/v1/documents/way/content');
    expect(content.body).toEqual({
      id: 'way',
      version: 1,
      title: 'Weir',
      text: '# Weir\n\nThe weir is old.',
    });
  });

  it('keeps the file that was sent', async () => {
    await mill.upload('file', 'a.csv', 'name,sacks\nann,3\n', 'text/csv');
    await mill.waitFor('file', 'indexed');
    await eventually(async () => expect(await blobsOf('file')).toEqual(['original', ...kept]));
  });

  it('leaves nothing of the version before', async () => {
    await mill.put('twice', 'The first text.');
    await mill.waitFor('twice', 'indexed');
    await mill.put('twice', 'The second text.');
    expect(await mill.waitFor('twice', 'indexed')).toMatchObject({ version: 2, live_version: 2 });
    await eventually(async () => {
      expect(await blobsOf('twice')).toEqual(kept);
      const versions = await mill.registry.documents.versions('default', 'twice');
      expect(versions.map(({ version }) => version)).toEqual([2]);
    });
  });

  it('leaves nothing of an upload that changed nothing', async () => {
    await mill.put('again', 'The same text.');
    await mill.waitFor('again', 'indexed');
    expect((await mill.put('again', 'The same text.')).body).toMatchObject({ version: 1, state: 'indexed' });
    await eventually(async () => expect(await blobsOf('again')).toEqual(kept));
  });

  it('is refused under a used Idempotency-Key without leaving its content', async () => {
    const headers = { 'idempotency-key': 'life-1' };
    expect((await mill.put('keyed', 'One.', headers)).status).toBe(202);
    expect((await mill.put('keyed', 'One.', headers)).body).toMatchObject({ id: 'keyed', version: 1 });
    const before = await mill.blobs.list('default/');
    expect((await mill.put('other', 'One.', headers)).status).toBe(409);
    expect((await mill.put('keyed', 'Two.', headers)).status).toBe(409);
    const after = await mill.blobs.list('default/');
    expect(after.filter((key) => key.endsWith('source.json')).length).toBe(
      before.filter((key) => key.endsWith('source.json')).length,
    );
  });

  it('gets one id for one Idempotency-Key', async () => {
    const post = () =>
      mill.request<{ id: string }>(
        'POST',
        '/v1/documents',
        { text: 'Made.' },
        { 'idempotency-key': 'life-2' },
      );
    const [first, second] = [await post(), await post()];
    expect(first.body.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(second.body.id).toBe(first.body.id);
  });

  it('comes and goes as a CloudEvent', async () => {
    const envelope = { specversion: '1.0', id: '1', source: '/test', subject: 'event/1' };
    const send = (event: object) =>
      mill.request<{ id: string; version: number }>('POST', '/v1/documents', event, {
        'content-type': 'application/cloudevents+json',
      });
    const upsert = { ...envelope, type: 'millrace.document.upsert.v1', data: { text: 'By event.' } };
    expect(await send(upsert)).toMatchObject({ status: 202, body: { id: 'event/1', version: 1 } });
    await mill.waitFor('event/1', 'indexed');
    const remove = { ...envelope, id: '2', type: 'millrace.document.delete.v1' };
    expect(await send(remove)).toMatchObject({ status: 202, body: { id: 'event/1', version: 2 } });
    expect(await mill.waitFor('event/1', 'deleted')).toMatchObject({ state: 'deleted' });
  });
});

describe('a document that cannot be read', () => {
  it('ends in the dead letters with its reason, is listed there, and starts anew when it is sent again', async () => {
    const broken = () => mill.upload('broken', 'a.pdf', '%PDF-1.7 broken', 'application/pdf');
    await broken();
    const status = await mill.waitFor('broken', 'dead-lettered');
    expect(status).toMatchObject({ state: 'dead-lettered', reason: { code: 'unreadable_document' } });
    const letters = await mill.request<{ data: { subject: { document: string } }[] }>(
      ...(['GET', '/v1/admin/dead-letters'] as const),
    );
    expect(letters.body.data.map(({ subject }) => subject.document)).toContain('broken');
    expect((await broken()).body).toEqual({ id: 'broken', version: 1, state: 'accepted' });
    expect(await mill.waitFor('broken', 'dead-lettered')).toMatchObject({ version: 1 });
  });

  it('is sent round again by a replay, from where it failed', async () => {
    mill.stages.fail(jobs.embedChunks, 'replayed');
    await mill.put('replayed', 'A text to replay.');
    const failed = await mill.waitFor('replayed', 'dead-lettered');
    expect(failed).toMatchObject({ state: 'dead-lettered', reason: { code: 'no_text' } });
    const letters = await mill.registry.deadLetters.page({ limit: 100 });
    const found = letters.find(({ subject }) => subject?.document === 'replayed')!;
    const dry = await mill.request('POST', '/v1/admin/replay', { ids: [found.id], dry_run: true });
    expect(dry.body).toMatchObject({ replayed: [found.id], dry_run: true });
    const replay = await mill.request('POST', '/v1/admin/replay', { ids: [found.id] });
    expect(replay.body).toMatchObject({ replayed: [found.id], dry_run: false });
    expect(await mill.waitFor('replayed', 'indexed')).toMatchObject({ state: 'indexed', version: 1 });
    expect((await mill.request('POST', '/v1/admin/replay', { ids: [found.id] })).status).toBe(404);
  });
});

describe('a document that stands still', () => {
  it.each([jobs.embedChunks, jobs.indexDocument])(
    'is sent on when what $name published got lost',
    async (lost) => {
      const id = `lost/${lost.name}`;
      mill.stages.lose(lost, id);
      await mill.put(id, `A text after ${lost.name}.`);
      expect(await mill.waitFor(id, 'indexed')).toMatchObject({ state: 'indexed', version: 1 });
    },
  );

  it('is deleted in the end even when the delete got lost on its way', async () => {
    await mill.put('lost-delete', 'A text to delete.');
    await mill.waitFor('lost-delete', 'indexed');
    mill.stages.lose(jobs.removeDocument, 'lost-delete');
    await mill.request('DELETE', '/v1/documents/lost-delete');
    expect(await mill.waitFor('lost-delete', 'deleted')).toMatchObject({ state: 'deleted' });
  });
});

describe('a document that is deleted', () => {
  const erase = async (id: string): Promise<DocumentStatus> => {
    expect((await mill.request('DELETE', `/v1/documents/${id}`)).status).toBe(202);
    return mill.waitFor(id, 'deleted');
  };

  it('is gone from every store, with a receipt', async () => {
    await mill.upload('gone', 'a.txt', 'A text to be gone.', 'text/plain');
    await mill.waitFor('gone', 'indexed');
    const prefix = `${(await folderOf('gone')).split('/').slice(0, 2).join('/')}/`;
    expect((await namesUnder(prefix)).length).toBeGreaterThan(0);
    expect(await erase('gone')).toMatchObject({ state: 'deleted', version: 2, chunks: 0 });
    expect(await namesUnder(prefix)).toEqual([]);
    const { body: receipt } = await mill.request<ErasureReceipt>('GET', '/v1/documents/gone/receipt');
    const counts = Object.fromEntries(receipt.removed.map(({ store, count }) => [store, count]));
    expect(counts).toMatchObject({ vectors: 1, registry: 1, 'dead letters': 0, caches: 0 });
    const soonest = Math.min(...receipt.retained!.flatMap(({ until }) => (until ? Date.parse(until) : [])));
    expect(soonest).toBeGreaterThan(Date.parse(receipt.completed_at));
    expect(counts['blobs']).toBeGreaterThanOrEqual(3);
    expect((await mill.request('GET', '/v1/documents/gone/content')).status).toBe(404);
  });

  it('cannot be brought back by late messages, and what they left is cleared', async () => {
    await mill.put('late', 'A text that comes late.');
    await mill.waitFor('late', 'indexed');
    const folder = await folderOf('late');
    await erase('late');
    const version = { tenant: 'default', document: 'late', version: 1, acceptedAt: new Date().toISOString() };
    const parsed = `${folder}parsed.json`;
    await mill.blobs.put(parsed, new TextEncoder().encode('{}'));
    await mill.stages.publisher.publish(events.documentChunked, { ...version, parsed, chunks: 1, tokens: 1 });
    await eventually(async () => expect(await mill.blobs.list(folder)).toEqual([]));
    expect(await mill.waitFor('late', 'deleted')).toMatchObject({ version: 2, state: 'deleted' });
    expect((await mill.waitFor('late', 'deleted')).live_version).toBeUndefined();
  });

  it('may be pushed anew at the same moment without losing anything', async () => {
    const ids = Array.from({ length: 12 }, (_, n) => `moment-${n}`);
    await Promise.all(ids.map((id) => mill.put(id, `First text of ${id}.`)));
    await Promise.all(ids.map((id) => mill.waitFor(id, 'indexed')));
    await Promise.all(
      ids.flatMap((id) => [
        mill.request('DELETE', `/v1/documents/${id}`),
        mill.put(id, `Second text of ${id}.`),
      ]),
    );
    for (const id of ids) {
      const { version } = (await mill.request<DocumentStatus>('GET', `/v1/documents/${id}`)).body;
      const pushedLast =
        (await mill.registry.documents.versions('default', id)).at(-1)?.operation === 'upsert';
      const status = await mill.waitFor(id, pushedLast ? 'indexed' : 'deleted');
      expect(status).toMatchObject({ version, state: pushedLast ? 'indexed' : 'deleted' });
      if (pushedLast) await eventually(async () => expect(await contentOf(id)).toBe(`Second text of ${id}.`));
    }
  });

  it('was never there: not found', async () => {
    const answer = await mill.request('DELETE', '/v1/documents/never');
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'document_not_found' } } });
    expect((await mill.request('GET', '/v1/documents/never/receipt')).status).toBe(404);
  });
});

const contentOf = async (id: string): Promise<string | undefined> =>
  (await mill.request<{ text?: string }>('GET', `/v1/documents/${id}/content`)).body.text;

it('what waits where is told by queue and by group', async () => {
  const { status, body } = await mill.request<{
    queues: { queue: string }[];
    groups: { group: string; topic: string; lag: number }[];
    documents: Record<string, number>;
  }>('GET', '/v1/admin/queues');
  expect(status).toBe(200);
  expect(body.queues.map(({ queue }) => queue)).toContain('parse-document');
  expect(body.groups).toContainEqual({
    ...{ group: 'ingestion.progress', topic: events.documentIndexed.name, lag: expect.any(Number) as number },
  });
  expect(body.documents['indexed']).toBeGreaterThan(0);
});
