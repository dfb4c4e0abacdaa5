import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { Server } from './harness.ts';

let server: Server;
let client: Client;

beforeAll(async () => {
  server = await Server.start({ env: { MILLRACE_PARSER_TIMEOUT_MS: '5000' } });
  client = server.client();
});
afterAll(() => server.stop());

const mill = 'The water mill at Aldbury grinds spelt on Tuesdays. Its wheel has twelve oak paddles.';

describe('a document', () => {
  it('is accepted, becomes indexed and is found with its passage', async () => {
    const accepted = await client.put('mill', {
      title: 'Aldbury mill',
      text: mill,
      metadata: { county: 'herts' },
    });
    expect(accepted.status).toBe(202);
    expect(accepted.body).toEqual({ id: 'mill', version: 1, state: 'accepted' });
    expect(accepted.headers.get('location')).toBe('/v1/documents/mill');

    const status = await client.waitFor('mill', 'indexed');
    expect(status).toMatchObject({ state: 'indexed', version: 1, live_version: 1, chunks: 1 });
    expect(status.history.map(({ state }) => state)).toEqual(['accepted', 'parsed', 'embedded', 'indexed']);

    const [hit] = await client.search('how many paddles does the wheel have');
    expect(hit).toMatchObject({
      document_id: 'mill',
      version: 1,
      title: 'Aldbury mill',
      metadata: { county: 'herts' },
    });
    expect(mill.slice(hit!.start, hit!.end)).toBe(hit!.text);
  });

  it('keeps its version when the same content comes again', async () => {
    await client.put('same', { text: 'The same words.' });
    const again = await client.put('same', { text: 'The same words.' });
    expect(again.body.version).toBe(1);
  });

  it('changes as a whole: the new text is found, the old one is not', async () => {
    await client.put('menu', { text: 'Today the kitchen serves quince tart.' });
    await client.waitFor('menu', 'indexed');
    const second = await client.put('menu', { text: 'Today the kitchen serves medlar jelly.' });
    expect(second.body.version).toBe(2);
    await client.waitFor('menu', 'indexed');
    const hits = (await client.search('what does the kitchen serve')).filter(
      (hit) => hit.document_id === 'menu',
    );
    expect(hits.map(({ version, text }) => [version, text])).toEqual([
      [2, 'Today the kitchen serves medlar jelly.'],
    ]);
  });

  it('stays findable in its last good version when an update cannot be read', async () => {
    await client.put('ledger', { text: 'The ledger lists eleven debts.' });
    await client.waitFor('ledger', 'indexed');
    await client.upload(
      'ledger',
      'ledger.pdf',
      new TextEncoder().encode('%PDF-1.7 broken'),
      'application/pdf',
    );
    const failed = await client.waitFor('ledger', 'dead-lettered');
    expect(failed).toMatchObject({ version: 2, state: 'dead-lettered', live_version: 1 });
    expect(failed.reason?.code).toBe('unreadable_document');
    const [hit] = await client.search('how many debts are in the ledger');
    expect(hit).toMatchObject({ document_id: 'ledger', version: 1 });
  });

  it('is erased everywhere, with a receipt, and may be pushed anew', async () => {
    await client.put('secret', { text: 'The vault opens with the word larkspur.' });
    await client.waitFor('secret', 'indexed');
    const deleted = await client.delete('secret');
    expect(deleted).toMatchObject({ status: 202, body: { version: 2 } });
    expect(await client.waitFor('secret', 'deleted')).toMatchObject({ state: 'deleted', version: 2 });
    expect((await client.search('larkspur vault')).filter((hit) => hit.document_id === 'secret')).toEqual([]);

    const receipt = await client.receipt('secret');
    expect(receipt).toMatchObject({ id: 'secret', version: 2 });
    expect(receipt.removed.find(({ store }) => store === 'vectors')?.count).toBe(1);
    expect(receipt.removed.find(({ store }) => store === 'blobs')?.count).toBeGreaterThan(0);
    expect(receipt.removed.find(({ store }) => store === 'caches')?.count).toBeGreaterThan(0);
    expect(receipt.retained?.map(({ store }) => store)).toContain('documents.v1 and its dead letters');

    expect((await client.put('secret', { text: 'The vault was emptied.' })).body.version).toBe(3);
    expect(await client.waitFor('secret', 'indexed')).toMatchObject({ version: 3, live_version: 3 });
  });

  it('is accepted once for one Idempotency-Key, and refused for another body under it', async () => {
    const headers = { 'idempotency-key': 'order-1' };
    const first = await client.request<{ id: string }>('POST', '/v1/documents', { text: 'one' }, headers);
    const again = await client.request<{ id: string }>('POST', '/v1/documents', { text: 'one' }, headers);
    expect(again.body.id).toBe(first.body.id);
    const other = await client.request('POST', '/v1/documents', { text: 'two' }, headers);
    expect(other).toMatchObject({ status: 409, body: { error: { code: 'idempotency_conflict' } } });
  });

  it('can come as a CloudEvent', async () => {
    const event = {
      specversion: '1.0',
      id: '1',
      source: '/test',
      type: 'millrace.document.upsert.v1',
      subject: 'by-event',
      data: { text: 'Sent as an event about herons.' },
    };
    const headers = { 'content-type': 'application/cloudevents+json' };
    const accepted = await client.request('POST', '/v1/documents', event, headers);
    expect(accepted).toMatchObject({ status: 202, body: { id: 'by-event' } });
    expect(await client.waitFor('by-event', 'indexed')).toMatchObject({ state: 'indexed' });
  });

  it('is changed once by a CloudEvent, however often and late that comes', async () => {
    const send = (type: 'upsert' | 'delete', id: string, text?: string) =>
      client.request<{ version: number }>(
        'POST',
        '/v1/documents',
        {
          ...{ specversion: '1.0', id, source: '/again', type: `millrace.document.${type}.v1` },
          ...{ subject: 'again', ...(text !== undefined && { data: { text } }) },
        },
        { 'content-type': 'application/cloudevents+json' },
      );
    const versions: number[] = [];
    for (const [id, text] of [...twice('1', 'Coots.'), ['2', 'Moorhens.'], ['1', 'Coots.']] as const)
      versions.push((await send('upsert', id, text)).body.version);
    expect(versions).toEqual([1, 1, 2, 1]);
    expect((await client.waitFor('again', 'indexed')).version).toBe(2);
    expect(await send('upsert', '1', 'Grebes.')).toMatchObject({
      ...{ status: 409, body: { error: { code: 'idempotency_conflict' } } },
    });
    await send('delete', '3');
    expect((await client.waitFor('again', 'deleted')).version).toBe(3);
    expect(await send('upsert', '2', 'Moorhens.')).toMatchObject({ status: 202, body: { version: 2 } });
    const asHeaders = {
      ...{ 'ce-specversion': '1.0', 'ce-id': '2', 'ce-source': '/again', 'ce-subject': 'again' },
      'ce-type': 'millrace.document.upsert.v1',
    };
    const body = { text: 'Moorhens.' };
    expect(await client.request('POST', '/v1/documents', body, asHeaders)).toMatchObject({
      ...{ status: 202, body: { version: 2 } },
    });
    expect(await send('delete', '3')).toMatchObject({ status: 202, body: { version: 3 } });
    expect(await client.waitFor('again', 'deleted')).toMatchObject({ version: 3 });
    expect(await client.search('moorhens', { mode: 'sparse' })).toEqual([]);
  });

  it('changes its access list and metadata without being read and embedded again', async () => {
    const text = 'The osprey nests on the pylon by the reservoir.';
    await client.put('osprey', { text });
    const before = await client.waitFor('osprey', 'indexed');
    await client.put('osprey', { text, acl: ['user:owner', 'user:admin'], metadata: { year: 2026 } });
    const after = await client.waitFor('osprey', 'indexed');
    expect([before.version, after.version]).toEqual([1, 2]);
    const metrics = await Promise.all(
      (await server.processes()).map(async (url) => (await fetch(`${url}/metrics`)).text()),
    );
    for (const job of ['revise-document', 'carry-vectors'])
      expect(metrics.join('\n')).toMatch(new RegExp(`^millrace_.*"${job}".* [1-9]`, 'm'));
    const [hit] = await client.search('osprey pylon', { mode: 'sparse' });
    expect(hit).toMatchObject({ document_id: 'osprey', version: 2, metadata: { year: 2026 } });
  });

  it('can come as a CloudEvent whose attributes are HTTP headers, and go as one', async () => {
    const headers = (type: string) => ({
      'ce-specversion': '1.0',
      'ce-id': `${type} of a heron`,
      'ce-source': '/test',
      'ce-type': `millrace.document.${type}.v1`,
      'ce-subject': 'by-header/h%C3%A9ron',
    });
    const body = { text: 'Sent with headers about egrets.' };
    const accepted = await client.request('POST', '/v1/documents', body, headers('upsert'));
    expect(accepted).toMatchObject({ status: 202, body: { id: 'by-header/héron', version: 1 } });
    const gone = await client.request('POST', '/v1/documents', undefined, headers('delete'));
    expect(gone).toMatchObject({ status: 202, body: { id: 'by-header/héron', version: 2 } });
  });

  it('shows its extracted text, in which the offsets of hits count', async () => {
    const markdown = '# Herons\n\nHerons nest in April.\n\n## Food\n\nThey eat eels and frogs.\n';
    await client.upload('herons.md', 'herons.md', new TextEncoder().encode(markdown), 'text/markdown');
    await client.waitFor('herons.md', 'indexed');
    const { body } = await client.request<{ text: string }>('GET', '/v1/documents/herons.md/content');
    expect(body.text).toBe(markdown);
    const hit = (await client.search('what do herons eat')).find(
      (found) => found.document_id === 'herons.md',
    )!;
    expect(body.text.slice(hit.start, hit.end)).toBe(hit.text);
    expect(hit.text).toContain('eels');
  });

  it('is listed by id, in pages', async () => {
    const ids = (await client.list()).map(({ id }) => id);
    expect(ids).toEqual([...ids].sort());
    const page = await client.request<{ data: unknown[]; next_cursor: string }>(
      'GET',
      '/v1/documents?limit=2',
    );
    expect(page.body.data).toHaveLength(2);
    expect(page.body.next_cursor).toBeTruthy();
  });

  it('waits for no file that takes long to read', async () => {
    const slow = new TextEncoder().encode(`%PDF-1.7\n${'1 0 obj <<'.repeat(20_000)}`);
    const ids = ['slow-1.pdf', 'slow-2.pdf', 'slow-3.pdf'];
    for (const id of ids) await client.upload(id, id, slow, 'application/pdf');
    await client.put('swift', { text: 'The swift sleeps on the wing.' });
    await client.waitFor('swift', 'indexed');
    for (const id of ids)
      expect(await client.request('GET', `/v1/documents/${id}`)).toMatchObject({
        body: { state: 'accepted' },
      });
  });
});

const twice = <T>(...item: T[]): T[][] => [item, item];
