import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ModerationPolicy, StatedPolicy } from '@millrace/contracts';
import { Client } from './client.ts';
import { Server } from './harness.ts';
import { LanguageModel } from './language-model.ts';

const adminKey = 'an-admin-key-for-tests';
const patience = { timeout: 10_000, interval: 100 };
const redactsEmail: ModerationPolicy = {
  categories: { 'pii/email': { input: 'redact', output: 'redact' } },
};

let server: Server;
let admin: Client;
let model: LanguageModel;

beforeAll(async () => {
  model = await LanguageModel.start();
  server = await Server.start({
    env: { MILLRACE_ADMIN_KEY: adminKey, MILLRACE_LLM_BASE_URL: model.url },
  });
  admin = new Client(server.url, adminKey);
});
afterAll(async () => {
  await server.stop();
  await model.stop();
});
beforeEach(() => {
  model.pieces = ['Write to ja', 'ne@exam', 'ple.org', ' today.'];
});

const policyOf = (tenant: string) => `/v1/admin/tenants/${tenant}/moderation`;

async function tenantWith(name: string, policy: ModerationPolicy): Promise<Client> {
  await admin.request('POST', '/v1/admin/tenants', { name });
  const { status, body } = await admin.request<StatedPolicy>('PUT', policyOf(name), policy);
  expect([status, body.policy]).toEqual([200, policy]);
  const rights = ['read', 'admin'];
  const made = await admin.request<{ key: string }>('POST', '/v1/admin/keys', { tenant: name, name, rights });
  return new Client(server.url, made.body.key);
}

async function answerTo(client: Client, content: unknown = 'Hi'): Promise<string | undefined> {
  const { body } = await client.request<{ choices?: { message: { content: string } }[] }>(
    'POST',
    '/v1/chat/completions',
    { messages: [{ role: 'user', content }], millrace: { retrieval: false } },
  );
  return body.choices?.[0]?.message.content;
}

describe('the moderation policy of a tenant', () => {
  it('redacts its questions, before a language model sees them, and its answers', async () => {
    const client = await tenantWith('private', redactsEmail);
    const parts = [
      { type: 'text', text: 'I am jane@example.org.' },
      { type: 'text', text: 'And joe@example.org?' },
    ];
    expect(await answerTo(client, parts)).toBe('Write to [redacted: e-mail address] today.');
    expect(model.requests.at(-1)!.messages.at(-1)!.content).toEqual([
      { type: 'text', text: 'I am [redacted: e-mail address].' },
      { type: 'text', text: 'And [redacted: e-mail address]?' },
    ]);
  });

  it('counts within two seconds of a change, and for that tenant alone', async () => {
    const [client, other] = [await tenantWith('changed', {}), await tenantWith('unchanged', {})];
    expect(await answerTo(client)).toContain('jane@example.org');
    await admin.request('PUT', policyOf('changed'), redactsEmail);
    await vi.waitFor(async () => expect(await answerTo(client)).not.toContain('jane'), patience);
    expect(await answerTo(other)).toContain('jane@example.org');
  });

  it('refuses what it blocks', async () => {
    const client = await tenantWith('strict', { categories: { 'pii/email': { input: 'block' } } });
    const messages = [{ role: 'user', content: 'I am jane@example.org.' }];
    expect(await client.request('POST', '/v1/chat/completions', { messages })).toMatchObject({
      ...{ status: 400, body: { error: { code: 'content_blocked' } } },
    });
  });

  it('hides nothing from a classification, which names it', async () => {
    const client = await tenantWith('classified', { categories: { 'pii/email': { input: 'allow' } } });
    const { headers, body } = await client.request<{ results: { categories: object }[] }>(
      ...(['POST', '/v1/moderations', { input: 'I am jane@example.org.' }] as const),
    );
    expect(body.results[0]!.categories).toMatchObject({ 'pii/email': true });
    const { version } = (await client.request<StatedPolicy>('GET', policyOf('classified'))).body;
    expect(headers.get('x-millrace-moderation-policy')).toBe(version);
  });

  it('is seen by the tenant’s admins, and set by those of default alone', async () => {
    const chief = await tenantWith('chiefs', redactsEmail);
    const other = await tenantWith('others', {});
    expect(await chief.request('GET', policyOf('chiefs'))).toMatchObject({
      ...{ status: 200, body: { policy: redactsEmail } },
    });
    expect((await chief.request('PUT', policyOf('chiefs'), {})).status).toBe(403);
    expect((await other.request('GET', policyOf('chiefs'))).status).toBe(403);
    expect(await admin.request('PUT', policyOf('nobody'), {})).toMatchObject({
      ...{ status: 404, body: { error: { code: 'tenant_not_found' } } },
    });
  });

  it('asks for nothing that cannot be done', async () => {
    const odd = { categories: { hate: { classifier: { output: 'redact' } } } };
    expect(await admin.request('PUT', policyOf('default'), odd)).toMatchObject({
      status: 400,
      body: { error: { param: 'categories.hate.classifier.output' } },
    });
  });
});
