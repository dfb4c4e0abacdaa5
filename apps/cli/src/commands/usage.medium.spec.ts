import { tmpdir } from 'node:os';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCli, startCli } from '../testing/built-cli.ts';
import { FakeServer, json } from '../testing/fake-server.ts';

let server: FakeServer;
beforeAll(async () => {
  await buildCli();
  server = await FakeServer.start();
});
afterAll(() => server.stop());

const cli = (...args: string[]) => startCli(['--url', server.url, ...args], tmpdir()).ended;

describe('usage', () => {
  const row = (tenant: string, day: string) => ({
    ...{ day, tenant, model: 'm', backend: 'b', outcome: 'complete', answers: 2, estimated: 1 },
    ...{ prompt_tokens: 10, completion_tokens: 5, cost: 0.25 },
  });
  const report = { since: '2026-03-01', until: '2026-03-31', has_more: false };
  beforeEach(() => {
    server.reset();
    const data = [row('acme', '2026-03-01'), row('acme', '2026-03-02'), row('other', '2026-03-02')];
    server.on('GET', '/v1/admin/usage', (_, response) => json(response, { ...report, data }));
  });

  it('is added up by what was asked for, and in all', async () => {
    const { stdout } = await cli('usage', '--since', '2026-03-01', '--by', 'tenant');
    expect(server.asked[0]).toContain('since=2026-03-01');
    expect(stdout.split('\n').map((line) => line.trim().split(/\s{2,}/))).toEqual([
      ['tenant', 'answers', 'estimated', 'prompt tokens', 'completion tokens', 'cost'],
      ['acme', '4', '2', '20', '10', '0.50'],
      ['other', '2', '1', '10', '5', '0.25'],
      ['all', '6', '3', '30', '15', '0.75'],
      [''],
    ]);
  });

  it('of nobody is said in words', async () => {
    server.on('GET', '/v1/admin/usage', (_, response) => json(response, { ...report, data: [] }));
    expect((await cli('usage')).stdout).toBe('Nobody was answered from 2026-03-01 to 2026-03-31.\n');
  });

  it('is not asked for of what is no day', async () => {
    expect(await cli('usage', '--since', 'yesterday')).toMatchObject({ code: 2 });
    expect(await cli('usage', '--by', 'week')).toMatchObject({ code: 2 });
  });
});
