import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from './client.ts';
import { Server } from './harness.ts';

const adminKey = 'an-admin-key-for-tests';
let server: Server;
let admin: Client;

beforeAll(async () => {
  server = await Server.start({ env: { MILLRACE_ADMIN_KEY: adminKey } });
  admin = new Client(server.url, adminKey);
});
afterAll(() => server.stop());

async function keyFor(tenant: string, name: string, more: Record<string, unknown> = {}): Promise<Client> {
  await admin.request('POST', '/v1/admin/tenants', { name: tenant });
  const { body } = await admin.request<{ key: string }>('POST', '/v1/admin/keys', { tenant, name, ...more });
  return new Client(server.url, body.key);
}

describe('keys', () => {
  it('are needed once an admin key is set', async () => {
    const answer = await new Client(server.url).request('GET', '/v1/documents');
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'unauthenticated' } } });
    const wrong = await new Client(server.url, 'mr_wrong').request('GET', '/v1/documents');
    expect(wrong.status).toBe(401);
  });

  it('are never shown again, and end when revoked', async () => {
    const { body: made } = await admin.request<{ id: string; key: string }>('POST', '/v1/admin/keys', {
      tenant: 'default',
      name: 'brief',
    });
    const listed = await admin.request('GET', '/v1/admin/keys');
    expect(JSON.stringify(listed.body)).toContain(made.id);
    expect(JSON.stringify(listed.body)).not.toContain(made.key);
    expect((await admin.request('DELETE', `/v1/admin/keys/${made.id}`)).status).toBe(204);
    expect((await new Client(server.url, made.key).request('GET', '/v1/documents')).status).toBe(401);
  });

  it('have no more rights than they were given', async () => {
    const reader = await keyFor('readers', 'rita', { rights: ['read'] });
    expect((await reader.put('x', { text: 'no' })).status).toBe(403);
    expect((await reader.request('GET', '/v1/admin/tenants')).status).toBe(403);
  });
});

describe('tenants', () => {
  it('never see each other, not even under the same id', async () => {
    const [red, blue] = await Promise.all([keyFor('red', 'ann'), keyFor('blue', 'bob')]);
    await red.put('plan', { text: 'The red plan is about windmills.' });
    await blue.put('plan', { text: 'The blue plan is about tides.' });
    await Promise.all([red.waitFor('plan', 'indexed'), blue.waitFor('plan', 'indexed')]);
    for (const mode of ['dense', 'sparse', 'hybrid']) {
      const seen = await red.search('what is the plan about: windmills or tides', { mode, top_k: 100 });
      expect(seen.map(({ text }) => text)).toEqual(['The red plan is about windmills.']);
    }
    await red.delete('plan');
    await red.waitFor('plan', 'deleted');
    expect(await blue.search('plan')).toHaveLength(1);
  });

  it('show a document only to those its access list names', async () => {
    const ana = await keyFor('team', 'ana', { groups: ['board'] });
    const eve = await keyFor('team', 'eve');
    await ana.put('minutes', { text: 'The board meets in the boathouse.', acl: ['group:board'] });
    await ana.put('letter', { text: 'A letter for eve about the boathouse.', acl: ['user:eve'] });
    await Promise.all([ana.waitFor('minutes', 'indexed'), ana.waitFor('letter', 'indexed')]);
    const idsSeenBy = async (who: Client) =>
      (await who.search('boathouse')).map(({ document_id }) => document_id);
    expect(await idsSeenBy(ana)).toEqual(['minutes']);
    expect(await idsSeenBy(eve)).toEqual(['letter']);
  });
});
