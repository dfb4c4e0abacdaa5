import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Quota } from '@millrace/contracts';
import { Client } from './client.ts';
import { Server } from './harness.ts';
import { LanguageModel } from './language-model.ts';

const adminKey = 'an-admin-key-for-tests';
const patience = { timeout: 10_000, interval: 100 };
/** The model counts eleven tokens of the prompt and says three. */
const question = {
  messages: [{ role: 'user', content: 'Hi' }],
  ...{ max_completion_tokens: 20, millrace: { retrieval: false } },
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

const quotaOf = (tenant: string) => `/v1/admin/tenants/${tenant}/quota`;

async function tenantWith(name: string, quota: Quota, rights = ['read', 'admin']): Promise<Client> {
  await admin.request('POST', '/v1/admin/tenants', { name });
  const { status, body } = await admin.request('PUT', quotaOf(name), quota);
  expect([status, body]).toEqual([200, quota]);
  const made = await admin.request<{ key: string }>('POST', '/v1/admin/keys', { tenant: name, name, rights });
  return new Client(server.url, made.body.key);
}

const chat = (client: Client, more: object = {}) =>
  client.request<{ error?: { code: string; retry_after: number } }>('POST', '/v1/chat/completions', {
    ...question,
    ...more,
  });

describe('a quota', () => {
  it.each([false, true])('lets through what it has, and says what is left (stream: %s)', async (stream) => {
    const client = await tenantWith(`counted-${stream}`, { requests_per_day: 2, tokens_per_day: 1_000 });
    const first = await chat(client, { stream });
    expect(first.status).toBe(200);
    expect(first.headers.get('x-ratelimit-limit-requests')).toBe('2');
    expect(first.headers.get('x-ratelimit-remaining-requests')).toBe('1');
    expect(first.headers.get('x-ratelimit-remaining-tokens')).toBe('979');
    expect(first.headers.get('x-ratelimit-reset-tokens')).toMatch(/^(\d+h)?(\d+m)?\d+s$/);
    // Settled behind the answer: what was not used is there again.
    const used = 14;
    const second = await chat(client, { stream });
    expect(second.status).toBe(200);
    expect(Number(second.headers.get('x-ratelimit-remaining-tokens'))).toBeGreaterThanOrEqual(
      1_000 - 21 - 21,
    );
    expect(Number(second.headers.get('x-ratelimit-remaining-tokens'))).toBeLessThanOrEqual(1_000 - used - 21);
    const asked = model.requests.length;
    const third = await chat(client, { stream });
    const { status, headers, body } = third;
    expect([status, body.error?.code]).toEqual([429, 'quota_exhausted']);
    expect(Number(headers.get('retry-after'))).toBe(body.error?.retry_after);
    expect(body.error?.retry_after).toBeLessThanOrEqual(86_400);
    expect(headers.get('x-ratelimit-remaining-requests')).toBe('0');
    expect(model.requests).toHaveLength(asked);
  });

  it('that is changed counts within two seconds, and one that is lifted is not asked', async () => {
    const client = await tenantWith('changed', { requests_per_day: 0 });
    expect(await chat(client)).toMatchObject({ status: 400, body: { error: { code: 'exceeds_quota' } } });
    await admin.request('PUT', quotaOf('changed'), {});
    await vi.waitFor(async () => expect((await chat(client)).status).toBe(200), patience);
    expect((await chat(client)).headers.get('x-ratelimit-limit-requests')).toBeNull();
  });

  it('is seen by the tenant’s admins, and set by those of default alone', async () => {
    const chief = await tenantWith('chiefs', { spend_per_day: 2.5 });
    const other = await tenantWith('others', {});
    expect(await chief.request('GET', quotaOf('chiefs'))).toMatchObject({
      ...{ status: 200, body: { spend_per_day: 2.5 } },
    });
    expect((await chief.request('PUT', quotaOf('chiefs'), {})).status).toBe(403);
    expect((await other.request('GET', quotaOf('chiefs'))).status).toBe(403);
  });

  it('belongs to a tenant that is there, and is made of what can be limited', async () => {
    const missing = await admin.request('PUT', quotaOf('nobody'), {});
    expect(missing).toMatchObject({ status: 404, body: { error: { code: 'tenant_not_found' } } });
    const odd = await admin.request('PUT', quotaOf('default'), { tokens_per_hour: 5 });
    expect(odd).toMatchObject({ status: 400, body: { error: { param: 'tokens_per_hour' } } });
  });
});
