import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { routes, type AuditEntry, type AuditHead, type ModelPlan } from '@millrace/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from './client.ts';
import { millrace } from './command-line.ts';
import { Server, suiteProfile as profile } from './harness.ts';
import { LanguageModel } from './language-model.ts';
import { tamper } from './outside/tampered-registry.ts';

const adminKey = 'an-admin-key-for-tests';
const patience = { timeout: 30_000, interval: 200 };
const secondModel = 'bge-small-en-v1.5';

let dataDir: string;
let model: LanguageModel;
let server: Server;
let admin: Client;
/** An admin of the tenant `acme`. */
let acme: Client;

async function start(): Promise<void> {
  const env = { MILLRACE_ADMIN_KEY: adminKey, MILLRACE_LLM_BASE_URL: model.url };
  server = await Server.start({ env, dataDir, keep: profile === 'standalone' });
  admin = new Client(server.url, adminKey);
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-audit-'));
  model = await LanguageModel.start();
  await start();
  await admin.request('POST', '/v1/admin/tenants', { name: 'acme' });
  acme = await keyOf('acme', 'chief', ['read', 'write', 'admin']);
});
afterAll(async () => {
  await server.stop();
  await model.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function keyOf(tenant: string, name: string, rights: string[]): Promise<Client> {
  const { body } = await admin.request<{ key: string }>('POST', '/v1/admin/keys', { tenant, name, rights });
  return new Client(server.url, body.key);
}

const trail = async (tenant: string, more = ''): Promise<AuditEntry[]> =>
  (
    await admin.request<{ data: AuditEntry[] }>(
      'GET',
      `/v1/admin/audit?tenant=${tenant}&order=asc&limit=1000${more}`,
    )
  ).body.data;

const headOf = async (tenant: string): Promise<AuditHead> =>
  (await admin.request<{ data: AuditHead[] }>('GET', `/v1/admin/audit/heads?tenant=${tenant}`)).body.data[0]!;

type Audited = {
  [N in keyof typeof routes]: (typeof routes)[N] extends { audits: readonly unknown[] } ? N : never;
}[keyof typeof routes];

/** Every route that is audited, used once, and what its entry is about; a new one does not compile without its use. */
const uses: Record<Audited, () => Promise<{ readonly tenant: string; readonly object: unknown }>> = {
  async createTenant() {
    await admin.request('POST', '/v1/admin/tenants', { name: 'made' });
    return { tenant: 'made', object: 'tenant:made' };
  },
  async putQuota() {
    await admin.request('PUT', '/v1/admin/tenants/acme/quota', { spend_per_day: 0.5 });
    return { tenant: 'acme', object: 'tenant:acme' };
  },
  async putModeration() {
    const policy = { categories: { hate: { input: 'block' } }, on_failure: 'fail_open' };
    await admin.request('PUT', '/v1/admin/tenants/acme/moderation', policy);
    return { tenant: 'acme', object: 'tenant:acme' };
  },
  async putPrompt() {
    await admin.request('PUT', '/v1/admin/tenants/acme/prompt', { nothing_found: 'Say so.' });
    return { tenant: 'acme', object: 'tenant:acme' };
  },
  async createKey() {
    const asked = { tenant: 'acme', name: 'new' };
    const { body } = await acme.request<{ id: string }>('POST', '/v1/admin/keys', asked);
    return { tenant: 'acme', object: `key:${body.id}` };
  },
  async revokeKey() {
    const asked = { tenant: 'acme', name: 'gone' };
    const { body } = await acme.request<{ id: string }>('POST', '/v1/admin/keys', asked);
    await acme.request('DELETE', `/v1/admin/keys/${body.id}`);
    return { tenant: 'acme', object: `key:${body.id}` };
  },
  async replay() {
    await acme.upload('broken', 'broken.pdf', new TextEncoder().encode('%PDF-1.7 broken'));
    await acme.waitFor('broken', 'dead-lettered');
    const [letter] = await acme.deadLetters();
    await acme.request('POST', '/v1/admin/replay', { ids: [letter!.id] });
    return { tenant: 'acme', object: `dead_letter:${letter!.id}` };
  },
  async deleteDocument() {
    await acme.put('by-route', { text: 'The weir is old.' });
    await acme.delete('by-route');
    return { tenant: 'acme', object: documentObject('by-route') };
  },
  async postDocument() {
    await acme.put('by-event', { text: 'The weir is new.' });
    const event = { specversion: '1.0', id: '1', source: '/test', type: 'millrace.document.delete.v1' };
    const asked = JSON.stringify({ ...event, subject: 'by-event' });
    await acme.request('POST', '/v1/documents', asked, { 'content-type': 'application/cloudevents+json' });
    return { tenant: 'acme', object: documentObject('by-event') };
  },
  async switchModel() {
    await admin.request('POST', '/v1/admin/models/switch', { to: secondModel, hold: true });
    return { tenant: 'default', object: `model:${secondModel}` };
  },
  async serveModel() {
    const next = async () => (await admin.request<ModelPlan>('GET', '/v1/admin/models')).body.next?.phase;
    await expect.poll(next, { timeout: 60_000 }).not.toBe('filling');
    await admin.request('POST', '/v1/admin/models/serve', { model: secondModel, force: true });
    return { tenant: 'default', object: `model:${secondModel}` };
  },
  async retireModel() {
    const { body } = await admin.request<ModelPlan>('GET', '/v1/admin/models');
    await admin.request('DELETE', `/v1/admin/models/${body.previous!.model}`);
    return { tenant: 'default', object: `model:${body.previous!.model}` };
  },
};

const documentObject = (id: string): string => `document:${createHash('sha256').update(id).digest('hex')}`;

describe('the audit trail', () => {
  it.each(Object.keys(uses) as Audited[])('has who used the route %s', async (name) => {
    const [action] = routes[name].audits;
    const { tenant, object } = await uses[name]();
    const entries = (await trail(tenant, `&action=${action}`)).filter((entry) => entry.object === object);
    expect(entries).toMatchObject([
      { action, outcome: 'done', actor: { name: expect.stringContaining('user:') as string } },
    ]);
  });

  it('has the key of who did it, and no secret', async () => {
    const [made] = await trail('acme', '&action=key.create');
    expect(made).toMatchObject({ actor: { tenant: 'default', name: 'user:admin' } });
    const own = (await trail('acme', '&action=key.create')).at(-1);
    expect(`key:${own!.actor.key}`).toBe(made!.object);
    expect(JSON.stringify(await trail('acme'))).not.toMatch(/mr_|an-admin-key/);
  });

  it('has the erasure that a delete leads to', async () => {
    const erased = async () => (await trail('acme', '&action=document.erase')).map(({ object }) => object);
    await expect.poll(erased, patience).toContain(documentObject('by-route'));
  });

  it('has an answer that moderation redacted once, and nothing that it says', async () => {
    model.pieces = ['Pay with 4111 1111 1111 1111 today.'];
    const question = { messages: [{ role: 'user', content: 'How?' }], millrace: { retrieval: false } };
    expect((await acme.request('POST', '/v1/chat/completions', question)).status).toBe(200);
    const moderated = () => trail('acme', '&action=answer.moderate');
    await expect.poll(async () => (await moderated()).length, patience).toBe(1);
    const [entry] = await moderated();
    expect(entry).toMatchObject({
      ...{ actor: { name: 'moderation' }, outcome: 'redacted' },
      details: { answer: 'complete', findings: [{ direction: 'output', action: 'redact' }] },
    });
    expect(JSON.stringify(entry)).not.toContain('4111');
  });

  it('has who was refused, at the door or further in, once for each way', async () => {
    const reader = await keyOf('acme', 'reader', ['read']);
    for (let n = 0; n < 10; n++) {
      expect((await reader.request('GET', '/v1/admin/keys')).status).toBe(403);
      expect((await acme.request('POST', '/v1/admin/tenants', { name: 'mine' })).status).toBe(403);
    }
    const refused = async () =>
      (await trail('acme', '&action=access.refuse')).map(({ actor, object }) => `${actor.name} ${object}`);
    await expect
      .poll(refused, patience)
      .toEqual(['user:reader route:GET /v1/admin/keys', 'user:chief route:POST /v1/admin/tenants']);
  });

  it('is shown to its tenant, and to the operator', async () => {
    const own = await acme.request<{ tenant: string }>('GET', '/v1/admin/audit');
    expect([own.status, own.body.tenant]).toEqual([200, 'acme']);
    expect((await acme.request('GET', '/v1/admin/audit?tenant=default')).status).toBe(403);
    expect((await acme.request<{ data: AuditHead[] }>('GET', '/v1/admin/audit/heads')).body.data).toEqual([
      await headOf('acme'),
    ]);
    const { stdout } = await millrace(
      server.url,
      adminKey,
      'audit',
      '--tenant',
      'acme',
      '--action',
      'quota.set',
    );
    expect(stdout).toMatch(
      /default\/user:admin +quota\.set +tenant:acme +done +[\da-f]{12} +spend_per_day=0\.5/,
    );
  });

  it('is counted, without a word of whom', async () => {
    const { body } = await admin.request<string>('GET', '/metrics');
    const [, entries] = /^millrace_audit_entries(?:\{[^}]*\})? (\d+)/m.exec(body) ?? [];
    expect(Number(entries)).toBeGreaterThanOrEqual((await headOf('acme')).sequence);
  });

  it('comes in pages', async () => {
    const all = await trail('acme');
    const found: number[] = [];
    for (let cursor = ''; ;) {
      const path = `/v1/admin/audit?tenant=acme&limit=4${cursor && `&cursor=${cursor}`}`;
      const { body } = await admin.request<{ data: AuditEntry[]; next_cursor?: string }>('GET', path);
      found.push(...body.data.map(({ sequence }) => sequence));
      if (!body.next_cursor) break;
      cursor = body.next_cursor;
    }
    expect(found.length).toBeGreaterThanOrEqual(all.length);
    expect(found.toReversed()).toEqual(found.map((_, index) => index + 1));
  });
});

describe('millrace audit verify', () => {
  const verify = (...args: string[]) => millrace(server.url, adminKey, 'audit', 'verify', ...args);

  it('finds all chains whole, and a head that was noted', async () => {
    const { hash } = await headOf('acme');
    const { code, stdout } = await verify('--head', hash);
    expect(stdout).toMatch(/^acme: \d+ entries fit, head [\da-f]{64}$/m);
    expect(stdout).toMatch(/^default: /m);
    expect(code).toBe(0);
  });

  it.runIf(profile === 'standalone')(
    'tells of an entry that was changed in the database, and of a chain that was cut off',
    async () => {
      const { sequence, hash } = await headOf('acme');
      await behindItsBack(
        `update audit_entries set outcome = 'refused' where tenant = 'acme' and sequence = 2`,
      );
      const changed = await verify('--tenant', 'acme');
      expect(changed).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('acme: entry 2 does not fit') as string,
      });
      await behindItsBack(
        `update audit_entries set outcome = 'done' where tenant = 'acme' and sequence = 2`,
        `delete from audit_entries where tenant = 'acme' and sequence = ${sequence}`,
        `update audit_heads set sequence = ${sequence - 1}, hash = (select hash from audit_entries
          where tenant = 'acme' and sequence = ${sequence - 1}) where tenant = 'acme'`,
      );
      expect((await verify('--tenant', 'acme')).code).toBe(0);
      const cut = await verify('--tenant', 'acme', '--head', hash);
      expect(cut).toMatchObject({
        code: 1,
        stdout: expect.stringContaining(`No chain has ${hash}`) as string,
      });
    },
  );
});

async function behindItsBack(...statements: string[]): Promise<void> {
  await server.stop();
  tamper(dataDir, statements);
  await start();
}
