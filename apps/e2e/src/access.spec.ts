import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from './client.ts';
import { Server, suiteProfile } from './harness.ts';

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
    const holder = new Client(server.url, made.key);
    expect((await holder.request('GET', '/v1/documents')).status).toBe(200);
    expect((await admin.request('DELETE', `/v1/admin/keys/${made.id}`)).status).toBe(204);
    // At once in the process that revokes it, within two seconds in others.
    if (suiteProfile === 'distributed') await pause(2000);
    expect((await holder.request('GET', '/v1/documents')).status).toBe(401);
  });

  it('have no more rights than they were given', async () => {
    const reader = await keyFor('readers', 'rita', { rights: ['read'] });
    expect((await reader.put('x', { text: 'no' })).status).toBe(403);
    expect((await reader.request('GET', '/v1/admin/tenants')).status).toBe(403);
    const states = await reader.request('GET', '/v1/documents');
    expect(states).toMatchObject({
      status: 403,
      body: {
        error: {
          code: 'forbidden',
          message: expect.stringContaining('GET /v1/documents needs write, the key has read') as string,
        },
      },
    });
  });
});

describe('the right admin of a tenant', () => {
  let chief: Client;
  let others: { readonly key: string; readonly letter: string };

  beforeAll(async () => {
    chief = await keyFor('alpha', 'chief', { rights: ['read', 'write', 'admin'] });
    const { body } = await admin.request<{ id: string }>('POST', '/v1/admin/keys', {
      tenant: 'default',
      name: 'dora',
    });
    for (const owner of [chief, admin]) {
      await owner.upload('broken', 'broken.pdf', new TextEncoder().encode('%PDF-1.7 broken'));
      await owner.waitFor('broken', 'dead-lettered');
    }
    const letters = await admin.request<{ data: { id: string }[] }>(
      'GET',
      '/v1/admin/dead-letters?tenant=default',
    );
    others = { key: body.id, letter: letters.body.data[0]!.id };
  });

  it('shows keys, dead letters, tenants and document counts of that tenant only', async () => {
    const tenantsIn = async (who: Client, path: string) => {
      const { body } = await who.request<{ data: { tenant: string }[] }>('GET', path);
      return new Set(body.data.map(({ tenant }) => tenant));
    };
    for (const path of ['/v1/admin/keys', '/v1/admin/dead-letters']) {
      expect(await tenantsIn(chief, path)).toEqual(new Set(['alpha']));
      expect(await tenantsIn(admin, path)).toContain('default');
      expect(await chief.request('GET', `${path}?tenant=default`)).toMatchObject({ status: 403 });
    }
    const { body: tenants } = await chief.request('GET', '/v1/admin/tenants');
    expect(tenants).toMatchObject({ data: [{ name: 'alpha' }] });
    const { body: queues } = await chief.request('GET', '/v1/admin/queues');
    expect(queues).toMatchObject({
      documents: { 'dead-lettered': 1, indexed: 0 },
      groups: expect.arrayContaining([
        { group: 'ingestion.documents', topic: 'documents.v1', lag: 0 },
      ]) as unknown,
    });
  });

  it('turns the pages of dead letters, each letter once', async () => {
    interface Page {
      readonly data: { readonly id: string; readonly at: string }[];
      readonly next_cursor?: string;
    }
    const pageOf = async (query: string) =>
      (await admin.request<Page>('GET', `/v1/admin/dead-letters?${query}`)).body;
    const turned: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: Page = await pageOf(`limit=1${cursor && `&cursor=${cursor}`}`);
      turned.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect(turned.length).toBeGreaterThan(1);
    const { data } = await pageOf('');
    expect(turned).toEqual(data.map(({ id }) => id));
    const times = data.map(({ at }) => at);
    expect(times).toEqual(times.toSorted().reverse());
  });

  it('makes no tenant and no key of another', async () => {
    const key = (tenant: string) => ({ tenant, name: 'mole', rights: ['admin'] });
    expect(await chief.request('POST', '/v1/admin/keys', key('default'))).toMatchObject({
      status: 403,
      body: { error: { code: 'forbidden' } },
    });
    expect((await chief.request('POST', '/v1/admin/tenants', { name: 'gamma' })).status).toBe(403);
    expect((await chief.request('POST', '/v1/admin/keys', key('alpha'))).status).toBe(201);
  });

  it('neither revokes a key nor replays a dead letter of another', async () => {
    expect((await chief.request('DELETE', `/v1/admin/keys/${others.key}`)).status).toBe(404);
    expect((await chief.request('POST', '/v1/admin/replay', { ids: [others.letter] })).status).toBe(404);
    const all = await chief.request<{ replayed: string[] }>('POST', '/v1/admin/replay', { dry_run: true });
    expect(all.body.replayed).toHaveLength(1);
    expect(all.body.replayed).not.toContain(others.letter);
    for (const [span, found] of [
      [{ since: new Date(Date.now() - 600_000).toISOString() }, 1],
      [{ until: new Date(Date.now() - 600_000).toISOString() }, 0],
    ] as const)
      expect(await chief.request('POST', '/v1/admin/replay', { ...span, dry_run: true })).toMatchObject({
        body: { replayed: { length: found }, has_more: false },
      });
    expect((await admin.request('DELETE', `/v1/admin/keys/${others.key}`)).status).toBe(204);
  });
});

describe('tenants', () => {
  it('have names of their own; default is always there', async () => {
    for (const name of ['twin', 'default']) {
      await admin.request('POST', '/v1/admin/tenants', { name });
      expect(await admin.request('POST', '/v1/admin/tenants', { name })).toMatchObject({
        ...{ status: 409, body: { error: { code: 'already_exists' } } },
      });
    }
  });

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

  it('open the text of a document only to those its access list names, and manage them all with the right write', async () => {
    const reader = await keyFor('desk', 'rose', { rights: ['read'] });
    const clerk = await keyFor('desk', 'carl', { rights: ['write'] });
    await clerk.put('hers', { text: 'For rose.', acl: ['user:rose'] });
    await clerk.put('his', { text: 'For carl.', acl: ['user:carl'] });
    for (const id of ['hers', 'his']) await clerk.waitFor(id, 'indexed');
    expect((await clerk.list()).map(({ id }) => id)).toEqual(['hers', 'his']);
    expect((await reader.request('GET', '/v1/documents/hers/content')).status).toBe(200);
    expect(await reader.request('GET', '/v1/documents/his/content')).toMatchObject({
      ...{ status: 404, body: { error: { code: 'content_not_found' } } },
    });
    for (const path of ['/v1/documents', '/v1/documents/his', '/v1/documents/his/receipt'])
      expect((await reader.request('GET', path)).status).toBe(403);
    expect((await clerk.request('GET', '/v1/documents/hers/content')).status).toBe(403);
  });
});
