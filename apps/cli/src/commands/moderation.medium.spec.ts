import { tmpdir } from 'node:os';
import type { ModerationPolicy } from '@millrace/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCli, startCli } from '../testing/built-cli.ts';
import { FakeServer, json } from '../testing/fake-server.ts';

let server: FakeServer;
let policy: ModerationPolicy;

beforeAll(async () => {
  await buildCli();
  server = await FakeServer.start();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.reset();
  policy = { categories: { hate: { input: 'block' } } };
  const stated = () => ({ version: '0123456789ab', policy });
  server
    .on('GET', '/v1/admin/tenants/acme/moderation', (_, response) => json(response, stated()))
    .on('PUT', '/v1/admin/tenants/acme/moderation', (_request, response, body) => {
      policy = JSON.parse(body) as ModerationPolicy;
      json(response, stated());
    });
});

const cli = (...args: string[]) =>
  startCli(['--url', server.url, 'tenants', 'moderation', 'acme', ...args], tmpdir()).ended;

describe('the moderation of a tenant', () => {
  it('is shown, category by category, with what is not the default', async () => {
    const { code, stdout } = await cli();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^hate +block \* +flag +allow +flag$/m);
    expect(stdout).toMatch(/^pii\/payment-card +flag +redact +allow$/m);
    expect(stdout).toMatch(/^illicit +- +- +- +nothing looks for it yet$/m);
    expect(stdout).toContain('Version 0123456789ab');
    expect(server.asked).toEqual(['GET /v1/admin/tenants/acme/moderation']);
  });

  it('is changed where options say so, and stays otherwise', async () => {
    await cli('--redact', 'pii/email', 'pii/phone', '--on-failure', 'fail_closed');
    await cli('--block', 'violence', '--only', 'input', '--classifier', 'violence=block:0.9');
    expect(policy).toEqual({
      categories: {
        hate: { input: 'block' },
        'pii/email': { input: 'redact', output: 'redact' },
        'pii/phone': { input: 'redact', output: 'redact' },
        violence: { input: 'block', classifier: { input: 'block', threshold: 0.9 } },
      },
      on_failure: 'fail_closed',
    });
    await cli('--default', 'hate', 'violence', '--on-failure', 'default', '--allow', 'pii/email');
    expect(policy).toEqual({
      categories: {
        'pii/email': { input: 'allow', output: 'allow' },
        'pii/phone': { input: 'redact', output: 'redact' },
      },
    });
    await cli('--reset');
    expect(policy).toEqual({});
  });

  it.each([
    [['--block', 'weather'], 'There are pii/payment-card'],
    [['--classifier', 'hate'], 'Write CATEGORY=allow'],
    [['--classifier', 'hate=redact'], 'Write CATEGORY=allow'],
  ])('is not set to %j', async (args, reason) => {
    const { code, stderr } = await cli(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(reason);
    expect(server.asked).toEqual([]);
  });
});
