import type { wholeDeadLetter } from '@millrace/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { Client } from './client.ts';
import { Server } from './harness.ts';

type Letter = z.infer<typeof wholeDeadLetter>;

const adminKey = 'an-admin-key-for-tests';
let server: Server;
let acme: Client;
let other: Client;

beforeAll(async () => {
  server = await Server.start({ env: { MILLRACE_ADMIN_KEY: adminKey } });
  const admin = new Client(server.url, adminKey);
  const adminOf = async (tenant: string): Promise<Client> => {
    await admin.request('POST', '/v1/admin/tenants', { name: tenant });
    const key = { tenant, name: 'chief', rights: ['read', 'write', 'admin'] };
    const { body } = await admin.request<{ key: string }>('POST', '/v1/admin/keys', key);
    return new Client(server.url, body.key);
  };
  [acme, other] = [await adminOf('acme'), await adminOf('other')];
});
afterAll(() => server.stop());

const correct = (who: Client, id: string, event: object, more: object = {}) =>
  who.request('POST', '/v1/admin/replay', { corrections: [{ id, event }], ...more });

const upsert = (data: object, more: object = {}) => ({
  ...{ specversion: '1.0', id: '1', source: '/operator', type: 'millrace.document.upsert.v1' },
  ...{ data, ...more },
});

describe('a dead letter of a file that cannot be read', () => {
  let id: string;
  let documents = 0;
  let document: string;
  beforeEach(async () => {
    document = `broken-${++documents}`;
    await acme.upload(document, 'broken.pdf', new TextEncoder().encode('%PDF-1.7 broken'));
    await acme.waitFor(document, 'dead-lettered');
    id = (await acme.deadLetters()).find(({ subject }) => subject?.document === document)!.id;
  });

  it('is shown with its message to those who may list it', async () => {
    const { body } = await acme.request<Letter>('GET', `/v1/admin/dead-letters/${id}`);
    expect(body).toMatchObject({ id, tenant: 'acme', subject: { document, version: 1 } });
    expect(JSON.parse(body.message.value)).toMatchObject({ tenant: 'acme', document });
    expect(await other.request('GET', `/v1/admin/dead-letters/${id}`)).toMatchObject({
      status: 404,
      body: { error: { code: 'dead_letter_not_found' } },
    });
  });

  it('comes home with what its sender meant', async () => {
    const event = upsert({ text: 'The weir was mended in spring.', metadata: { mended: true } });
    const dry = await correct(acme, id, event, { dry_run: true });
    expect(dry).toMatchObject({ status: 200, body: { replayed: [id], dry_run: true } });
    expect(await correct(acme, id, event)).toMatchObject({ status: 200, body: { replayed: [id] } });
    await expect
      .poll(async () => (await acme.status(document)).body, { timeout: 20_000 })
      .toMatchObject({ state: 'indexed', version: 2 });
    const [hit] = await acme.search('when was the weir mended', { filter: { id: document } });
    expect(hit).toMatchObject({ document_id: document, metadata: { mended: true } });
    expect((await acme.deadLetters()).map((letter) => letter.id)).not.toContain(id);
    expect(await correct(acme, id, event)).toMatchObject({ status: 200, body: { replayed: [], gone: [id] } });
  });

  it('is left alone by an event that is no better', async () => {
    expect(await correct(acme, id, upsert({ text: 5 }))).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_request', param: 'corrections.0.event.data.text' } },
    });
    expect((await acme.deadLetters()).map((letter) => letter.id)).toContain(id);
  });

  it('is nothing that another tenant can correct', async () => {
    const tried = { status: 200, body: { replayed: [], gone: [id] } };
    expect(await correct(other, id, upsert({ text: 'Ours now.' }))).toMatchObject(tried);
    expect((await acme.deadLetters()).map((letter) => letter.id)).toContain(id);
  });

  it('is sent nowhere else', async () => {
    const event = upsert({ text: 'Elsewhere.' });
    for (const [body, status] of [
      [{ id, event: { ...event, subject: 'victim' } }, 400],
      [{ id, event, tenant: 'other' }, 403],
    ] as const) {
      const answer = await acme.request('POST', '/v1/admin/replay', { corrections: [body] });
      expect(answer.status).toBe(status);
    }
    expect((await acme.deadLetters()).map((letter) => letter.id)).toContain(id);
  });

  it('is refused a correction that the log would not take, and stops nobody', async () => {
    const answer = await correct(acme, id, upsert({ text: 'x'.repeat(1_300_000) }));
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_request' } } });
    await other.put('after', { text: 'Life goes on by the weir.' });
    expect(await other.waitFor('after', 'indexed')).toMatchObject({ state: 'indexed' });
  });

  it('does not come back when it was erased before the correction was worked on', async () => {
    await correct(acme, id, upsert({ text: 'Too late.' }));
    await acme.delete(document);
    await expect
      .poll(async () => (await acme.status(document)).body, { timeout: 20_000 })
      .toMatchObject({ state: 'deleted' });
    expect(await acme.search('too late', { filter: { id: document } })).toEqual([]);
  });

  it("gets no further with another tenant's blob", async () => {
    await correct(acme, id, upsert({ blob: 'inbox/other/secret.txt' }));
    await expect
      .poll(async () => (await acme.deadLetters()).find(({ key }) => key === `acme/${document}`)?.reason, {
        timeout: 20_000,
      })
      .toMatchObject({ code: 'invalid_event', message: expect.stringContaining('inbox/acme/') as string });
    expect((await acme.status(document)).body).toMatchObject({ state: 'dead-lettered', version: 1 });
  });
});
