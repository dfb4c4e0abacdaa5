import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from './client.ts';
import { Server } from './harness.ts';

const adminKey = 'an-admin-key-for-tests';
const timeout = 120_000;
/** Far more than the quiet tenant's page takes. */
const noisyDocuments = 150;

let server: Server;
let noisy: Client;
let quiet: Client;

beforeAll(async () => {
  const env = {
    MILLRACE_ADMIN_KEY: adminKey,
    MILLRACE_INGESTION_MAX_UNFINISHED: '200',
    // Pushes that are slowed down would leave little to be fair about.
    MILLRACE_INGESTION_EAGER_DOCUMENTS: '0',
  };
  server = await Server.start({ env });
  const admin = new Client(server.url, adminKey);
  const keyFor = async (tenant: string): Promise<Client> => {
    await admin.request('POST', '/v1/admin/tenants', { name: tenant });
    const rights = ['read', 'write', 'admin'];
    const made = { tenant, name: tenant, rights };
    const { body } = await admin.request<{ key: string }>('POST', '/v1/admin/keys', made);
    return new Client(server.url, body.key);
  };
  [noisy, quiet] = [await keyFor('noisy'), await keyFor('quiet')];
}, timeout);
afterAll(() => server.stop());

/** Some 200 words, none like another: nothing comes out of the cache. */
const page = (name: string): string =>
  Array.from({ length: 200 }, (_, n) => `${name}${(n * 7919).toString(36)}`).join(' ');

const push = (client: Client, id: string, pages = 1) => {
  const text = Array.from({ length: pages }, (_, n) => page(`${id}x${n}x`)).join('.\n\n');
  return client.request<{ error?: { code: string } }>('PUT', `/v1/documents/${id}`, { text });
};

const indexed = (client: Client, id: string) =>
  client.request<{ state: string }>('GET', `/v1/documents/${id}?wait=indexed&timeout=60`);

async function unfinished(client: Client): Promise<number> {
  const { body } = await client.request<{ documents: Record<string, number> }>('GET', '/v1/admin/queues');
  return ['accepted', 'parsed', 'embedded'].reduce((sum, state) => sum + (body.documents[state] ?? 0), 0);
}

describe('a tenant beside one that pushes very much', () => {
  it(
    'has its page found while nearly all of the other’s still wait',
    async () => {
      await push(noisy, 'book', 200);
      for (let n = 0; n < noisyDocuments; n += 10)
        await Promise.all(Array.from({ length: 10 }, (_, at) => push(noisy, `noisy${n + at}`)));
      expect(await unfinished(noisy)).toBeGreaterThan(noisyDocuments * 0.6);
      for (const id of ['first', 'second']) {
        const before = await unfinished(noisy);
        expect((await push(quiet, id)).status).toBe(202);
        expect((await indexed(quiet, id)).body.state).toBe('indexed');
        // In turns some of the other's go on meanwhile; all that were there before would go first without.
        expect(await unfinished(noisy)).toBeGreaterThan(before * 0.5);
      }
    },
    timeout,
  );

  it(
    'is let in when that is refused for having too much on its way',
    async () => {
      const more = Array.from({ length: 200 }, (_, n) => push(noisy, `more${n}`));
      const refused = (await Promise.all(more)).filter(({ status }) => status !== 202);
      expect(refused.length).toBeGreaterThan(0);
      for (const { status, headers, body } of refused)
        expect([status, headers.get('retry-after'), body.error?.code]).toEqual([429, '5', 'rate_limited']);
      expect((await push(quiet, 'third')).status).toBe(202);
    },
    timeout,
  );
});
