import { tmpdir } from 'node:os';
import type { Quota } from '@millrace/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCli, startCli } from '../testing/built-cli.ts';
import { FakeServer, json } from '../testing/fake-server.ts';

let server: FakeServer;
let quota: Quota;

beforeAll(async () => {
  await buildCli();
  server = await FakeServer.start();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.reset();
  quota = { tokens_per_day: 5_000, spend_per_day: 2 };
  server
    .on('GET', '/v1/admin/tenants/acme/quota', (_, response) => json(response, quota))
    .on('PUT', '/v1/admin/tenants/acme/quota', (_request, response, body) =>
      json(response, (quota = JSON.parse(body) as Quota)),
    );
});

const cli = (...args: string[]) =>
  startCli(['--url', server.url, 'tenants', 'quota', 'acme', ...args], tmpdir()).ended;

describe('the quota of a tenant', () => {
  it('is shown', async () => {
    const { code, stdout } = await cli();
    expect(code).toBe(0);
    expect(stdout).toMatch(/tokens per day +5000\n *spend per day +2\n/);
    expect(server.asked).toEqual(['GET /v1/admin/tenants/acme/quota']);
  });

  it('is changed where options say so, and stays otherwise', async () => {
    await cli('--requests-per-minute', '60', '--spend-per-day', '12.5');
    expect(quota).toEqual({ requests_per_minute: 60, tokens_per_day: 5_000, spend_per_day: 12.5 });
    await cli('--tokens-per-day', 'none', '--spend-per-day', 'none', '--requests-per-minute', 'none');
    expect(quota).toEqual({});
    expect((await cli()).stdout).toBe('Nothing limits acme.\n');
  });

  it.each(['-1', '1.5', 'many', ''])('is no %j', async (text) => {
    const { code, stderr } = await cli(`--tokens-per-day=${text}`);
    expect(code).toBe(2);
    expect(stderr).toContain('Write a number of 0 or more');
    expect(server.asked).toEqual([]);
  });
});
