import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ChatCompletion } from '@millrace/contracts';
import { Client } from './client.ts';
import { Server } from './harness.ts';
import { LanguageModel } from './language-model.ts';

const adminKey = 'an-admin-key-for-tests';
const patience = { timeout: 10_000, interval: 50 };
const question = {
  messages: [{ role: 'user', content: 'Hi' }],
  ...{ stream: true, millrace: { retrieval: false } },
};

let server: Server;
let model: LanguageModel;
let flooding: Client;
let other: Client;

beforeAll(async () => {
  model = await LanguageModel.start();
  const env = {
    ...{ MILLRACE_ADMIN_KEY: adminKey, MILLRACE_LLM_BASE_URL: model.url },
    ...{ MILLRACE_GENERATION_MAX_ANSWERS: '2', MILLRACE_GENERATION_MAX_WAITING: '4' },
  };
  server = await Server.start({ env });
  const admin = new Client(server.url, adminKey);
  const keyFor = async (tenant: string): Promise<Client> => {
    await admin.request('POST', '/v1/admin/tenants', { name: tenant });
    const wish = { tenant, name: tenant, rights: ['read'] };
    const { body } = await admin.request<{ key: string }>('POST', '/v1/admin/keys', wish);
    return new Client(server.url, body.key);
  };
  [flooding, other] = [await keyFor('flooding'), await keyFor('other')];
});
afterAll(async () => {
  await server.stop();
  await model.stop();
});

describe('a tenant beside one that floods the chat', () => {
  it('has its answer while the other has every place and as many requests waiting as it may', async () => {
    model.stall = true;
    const gone = new AbortController();
    const statuses: number[] = [];
    const floods = Array.from({ length: 6 }, async () => {
      const answer = await flooding.open('POST', '/v1/chat/completions', question, {}, gone.signal);
      statuses.push(answer.status);
      return answer;
    });
    const settled = Promise.allSettled(floods);
    // Two have begun, two wait, two are refused.
    await vi.waitFor(() => expect(statuses.toSorted()).toEqual([200, 200, 429, 429]), patience);
    const refused = (await Promise.race(
      floods.map(async (flood) => ((await flood).ok ? new Promise(() => {}) : flood)),
    )) as Response;
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await refused.json()).toMatchObject({ error: { code: 'queue_full' } });

    model.stall = false;
    const whole = { ...question, stream: false, service_tier: 'priority' };
    const answer = await other.request<ChatCompletion>('POST', '/v1/chat/completions', whole);
    expect([answer.status, answer.body.service_tier]).toEqual([200, 'default']);
    expect(model.requests).toHaveLength(3);

    gone.abort();
    await settled;
    const again = () => flooding.request('POST', '/v1/chat/completions', whole);
    await vi.waitFor(async () => expect((await again()).status).toBe(200), patience);
  });
});
