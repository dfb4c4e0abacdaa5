import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '@millrace/contracts';
import { Client } from './client.ts';
import { Server } from './harness.ts';
import { LanguageModel } from './language-model.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-ops-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const kept = Array.from({ length: 20 }, (_, n) => `kept-${n}`);

it('ends with 0 on SIGTERM, and tells a caller whose stream outlasts the time to drain', async () => {
  const model = await LanguageModel.start();
  const env = { MILLRACE_LLM_BASE_URL: model.url, MILLRACE_LLM_MODEL: 'm', MILLRACE_DRAIN_SECONDS: '1' };
  const server = await Server.start({ dataDir, env });
  try {
    const client = server.client();
    await Promise.all(kept.map((id) => client.put(id, { text: `A sack of barley, ${id}.` })));
    model.stall = true;
    const body = { stream: true, messages: [{ role: 'user', content: 'Good morning!' }] };
    const answer = await client.open('POST', '/v1/chat/completions', body);
    expect(await server.stop()).toBe(0);
    const frames = (await answer.text()).trimEnd().split('\n\n');
    expect(frames.at(-1)).toMatch(/^data: \{"error":\{"code":"shutting_down"/);
  } finally {
    await server.stop();
    await model.stop();
  }
});

describe('the server started after it', () => {
  const adminKey = 'planted-secret-0123456789';
  let server: Server;
  beforeAll(async () => {
    const env = { MILLRACE_ADMIN_KEY: adminKey, MILLRACE_LOG_LEVEL: 'debug' };
    server = await Server.start({ dataDir, env });
  });
  afterAll(() => server.stop());

  it('finishes everything that was accepted', async () => {
    for (const id of kept)
      expect(await server.client().waitFor(id, 'indexed')).toMatchObject({ state: 'indexed', version: 1 });
  });

  it('describes itself, its health and its metrics', async () => {
    const client = server.client();
    await client.put('a', { text: 'One document about weirs.' });
    await client.waitFor('a', 'indexed');
    const { body: api } = await client.request<{ paths: Record<string, unknown> }>('GET', '/openapi.json');
    const paths = Object.values(routes).map(({ path }) => path.replace(/:(\w+)/g, '{$1}'));
    expect(Object.keys(api.paths)).toEqual(expect.arrayContaining(paths));
    expect(await client.request('GET', '/health/ready')).toMatchObject({ body: { status: 'ready' } });
    const processes = (await server.processes()).map((url) => new Client(url));
    const ask = <T>(path: string) =>
      Promise.all(processes.map(async (one) => (await one.request<T>('GET', path)).body));
    const health = await ask<{ checks: Record<string, { detail?: { provider?: string } }> }>('/health/ready');
    const providers = health.flatMap(({ checks }) =>
      Object.values(checks).map(({ detail }) => detail?.provider),
    );
    expect(providers.some((provider) => provider === 'cpu' || provider === 'cuda')).toBe(true);
    const metrics = (await ask<string>('/metrics')).join('\n');
    for (const name of ['parse-document', 'embed-chunks', 'index-document'])
      expect(metrics).toMatch(
        new RegExp(`millrace_handler_duration_seconds_count\\{[^}]*name="${name}"[^}]*outcome="ok"`),
      );
    expect(metrics).toMatch(/service_name="millrace-(standalone|gateway)"/);
  });

  it('shows its metrics without a key, and nothing in them of tenants, users or documents', async () => {
    const admin = server.client();
    await admin.request('POST', '/v1/admin/tenants', { name: 'planted-tenant' });
    const { body } = await admin.request<{ key: string }>('POST', '/v1/admin/keys', {
      ...{ tenant: 'planted-tenant', name: 'planted-user', groups: ['planted-group'] },
    });
    const client = new Client(server.url, body.key);
    await client.put('planted-document', { text: 'Planted words.', acl: ['group:planted-group'] });
    await client.upload('planted-file', 'planted.pdf', new TextEncoder().encode('%PDF-1.7 broken'));
    await client.waitFor('planted-document', 'indexed');
    await client.waitFor('planted-file', 'dead-lettered');
    await client.search('planted question');
    await client.status('planted-nobody');
    const processes = (await server.processes()).map((url) => new Client(url));
    const answers = await Promise.all(processes.map((one) => one.request<string>('GET', '/metrics')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const metrics = answers.map((answer) => answer.body).join('\n');
    expect(metrics).toContain('name="GET /v1/documents/:id"');
    expect(metrics).not.toMatch(/planted/i);
  });

  it('never writes keys or content into its log', async () => {
    const client = server.client();
    await client.put('diary', { text: 'The planted sentence about heliotropes.', title: 'Planted title' });
    await client.waitFor('diary', 'indexed');
    await client.search('heliotropes planted question');
    await server.stop();
    const log = JSON.stringify(server.logs);
    for (const planted of [adminKey, 'heliotropes', 'Planted title', 'planted question'])
      expect(log).not.toContain(planted);
  });
});
