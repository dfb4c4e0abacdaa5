import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PromptTemplate } from '@millrace/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCli, startCli } from '../testing/built-cli.ts';
import { FakeServer, json } from '../testing/fake-server.ts';

let server: FakeServer;
let folder: string;
let set: PromptTemplate | undefined;
const before = {
  version: 'aaaaaaaaaaaa',
  prompt: { instructions: 'Be kind.' },
  set_at: '2026-11-01T00:00:00.000Z',
};
const now = {
  version: 'bbbbbbbbbbbb',
  prompt: { nothing_found: 'Say no.' },
  set_at: '2026-11-02T00:00:00.000Z',
};

beforeAll(async () => {
  await buildCli();
  server = await FakeServer.start();
  folder = await mkdtemp(join(tmpdir(), 'millrace-prompt-'));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  server.reset();
  set = undefined;
  const { version, prompt } = now;
  server
    .on('GET', '/v1/admin/tenants/acme/prompt', (_, response) =>
      json(response, { version, prompt, versions: [now, before] }),
    )
    .on('PUT', '/v1/admin/tenants/acme/prompt', (_request, response, body) => {
      set = JSON.parse(body) as PromptTemplate;
      json(response, { version: 'cccccccccccc', prompt: set });
    });
});

const cli = (...args: string[]) =>
  startCli(['--url', server.url, 'tenants', 'prompt', 'acme', ...args], folder).ended;

describe('the prompt of a tenant', () => {
  it('is shown, with what is not the default and the versions before', async () => {
    const { code, stdout } = await cli();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Before the sources:$/m);
    expect(stdout).toMatch(/^Where nothing is found \*:\n {2}Say no\.$/m);
    expect(stdout).toMatch(/^bbbbbbbbbbbb +2026-11-02T00:00:00.000Z +counts$/m);
    expect(set).toBeUndefined();
  });

  it('is changed where options say so, by a text or a file, and stays otherwise', async () => {
    await writeFile(join(folder, 'told.txt'), 'Answer in verse.');
    const { stdout } = await cli('--instructions', '@told.txt');
    expect(set).toEqual({ instructions: 'Answer in verse.', nothing_found: 'Say no.' });
    expect(stdout).toContain('Version cccccccccccc');
    await cli('--nothing-found', 'Say nothing.');
    expect(set).toEqual({ nothing_found: 'Say nothing.' });
    await cli('--reset');
    expect(set).toEqual({});
  });

  it('goes back to a version that counted before', async () => {
    await cli('--restore', before.version);
    expect(set).toEqual(before.prompt);
  });

  it('says what is wrong, and changes nothing', async () => {
    for (const wrong of [
      ['--restore', 'dddddddddddd'],
      ['--instructions', '@nowhere.txt'],
    ]) {
      const { code, stderr } = await cli(...wrong);
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/no version dddddddddddd|nowhere.txt cannot be read/),
      ]);
    }
    expect(set).toBeUndefined();
  });
});
