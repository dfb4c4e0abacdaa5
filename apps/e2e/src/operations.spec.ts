import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '@millrace/contracts';
import { Client } from './client.ts';
import { Server } from './harness.ts';

describe('the server', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'millrace-ops-'));
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  it('drains on SIGTERM, ends with 0, and keeps everything for the next start', async () => {
    const first = await Server.start({ dataDir });
    const client = new Client(first.url);
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => client.put(`kept-${n}`, { text: `Sack number ${n} of barley.` })),
    );
    expect(await first.stop()).toBe(0);

    const second = await Server.start({ dataDir });
    const again = new Client(second.url);
    for (let n = 0; n < 20; n++)
      expect(await again.waitFor(`kept-${n}`, 'indexed')).toMatchObject({ state: 'indexed', version: 1 });
    expect(await second.stop()).toBe(0);
  });

  it('refuses a second process on the same data folder with a plain message', async () => {
    const first = await Server.start({ dataDir });
    await expect(Server.start({ dataDir })).rejects.toThrow(
      /Another Millrace is using this data folder[^]*MILLRACE_DATA_DIR/,
    );
    await first.stop();
  });

  it('refuses to be reachable from other machines without an admin key', async () => {
    await expect(Server.start({ env: { MILLRACE_HOST: '0.0.0.0' } })).rejects.toThrow(/MILLRACE_ADMIN_KEY/);
  });

  it('names every wrong setting at once', async () => {
    const env = { MILLRACE_PARSER_TIMEOUT_MS: 'soon', MILLRACE_LOG_LEVEL: 'loud', MILLRACE_PROT: '1' };
    await expect(Server.start({ env })).rejects.toThrow(
      /MILLRACE_LOG_LEVEL[^]*MILLRACE_PARSER_TIMEOUT_MS[^]*MILLRACE_PROT|MILLRACE_PROT/,
    );
  });

  it('describes itself, its health and its metrics', async () => {
    const server = await Server.start();
    const client = new Client(server.url);
    await client.put('a', { text: 'One document about weirs.' });
    await client.waitFor('a', 'indexed');
    const { body: api } = await client.request<{ paths: Record<string, unknown> }>('GET', '/openapi.json');
    const paths = Object.values(routes).map(({ path }) => path.replace(/:(\w+)/g, '{$1}'));
    expect(Object.keys(api.paths)).toEqual(expect.arrayContaining(paths));
    const { body: health } = await client.request<{
      status: string;
      checks: Record<string, { detail?: { provider?: string } }>;
    }>('GET', '/health/ready');
    expect(health.status).toBe('ready');
    expect(
      Object.values(health.checks).some(
        ({ detail }) => detail?.provider === 'cpu' || detail?.provider === 'cuda',
      ),
    ).toBe(true);
    const { body: metrics } = await client.request<string>('GET', '/metrics');
    for (const name of ['parse-document', 'embed-chunks', 'index-document'])
      expect(metrics).toMatch(
        new RegExp(`millrace_handler_duration_seconds_count\\{[^}]*name="${name}"[^}]*outcome="ok"`),
      );
    expect(metrics).toContain('service_name="millrace-standalone"');
    await server.stop();
  });

  it('never writes keys or content into its log', async () => {
    const adminKey = 'planted-secret-0123456789';
    const server = await Server.start({ env: { MILLRACE_ADMIN_KEY: adminKey, MILLRACE_LOG_LEVEL: 'debug' } });
    const client = new Client(server.url, adminKey);
    await client.put('diary', { text: 'The planted sentence about heliotropes.', title: 'Planted title' });
    await client.waitFor('diary', 'indexed');
    await client.search('heliotropes planted question');
    await server.stop();
    const log = JSON.stringify(server.logs);
    for (const planted of [adminKey, 'heliotropes', 'Planted title', 'planted question'])
      expect(log).not.toContain(planted);
  });
});
