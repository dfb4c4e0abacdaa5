import { createServer, type IncomingMessage, type Server } from 'node:http';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { welcome } from './welcome.mjs';

let dataDir: string;
let server: Server;
let url: string;
let printed: string[];
const requests: { method: string; path: string; body: string }[] = [];

/** Answers as the documents routes do, all indexed; or with an error. */
let status = 200;
/** Paths that are not served. */
let missing: string[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-welcome-'));
  printed = [];
  requests.length = 0;
  status = 200;
  missing = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      requests.push({ method: request.method ?? '', path: request.url ?? '', body });
      response.writeHead(missing.includes(request.url ?? '') ? 404 : status, {
        'content-type': 'application/json',
      });
      response.end(JSON.stringify(status === 200 ? { state: 'indexed' } : { error: { message: 'No key.' } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  vi.restoreAllMocks();
  await new Promise((resolve) => server.close(resolve));
  await rm(dataDir, { recursive: true, force: true });
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

it('pushes every example page on the first start, waits until they are searchable, and names the console', async () => {
  const pages = (await readdir('apps/standalone/corpus')).length;
  await welcome({ url, dataDir });
  const pushed = requests.filter(({ method }) => method === 'PUT');
  expect(pushed).toHaveLength(pages);
  expect(pushed[0]?.path).toMatch(/^\/v1\/documents\/examples%2F[\w-]+\.md$/);
  expect(JSON.parse(pushed[0]?.body ?? '')).toMatchObject({
    media_type: 'text/markdown',
    title: expect.any(String) as string,
  });
  expect(requests.filter(({ path }) => path.includes('wait=indexed'))).toHaveLength(pages);
  expect(printed.join('\n')).toContain(`${pages} of ${pages} example documents`);
  expect(printed.join('\n')).toContain(`${url}/ (console)`);
  expect(printed.join('\n')).toContain(`Try: npm run millrace -- --url ${url} ask "`);
});

it('names neither a console nor answers where there are none', async () => {
  missing = ['/', '/v1/models'];
  await welcome({ url, dataDir });
  expect(printed.join('\n')).not.toContain('(console)');
  expect(printed.join('\n')).toContain(`Try: npm run millrace -- --url ${url} search "`);
});

it('pushes nothing on the second start', async () => {
  await welcome({ url, dataDir });
  requests.length = 0;
  await welcome({ url, dataDir });
  expect(requests.filter(({ path }) => path.startsWith('/v1/documents'))).toEqual([]);
});

it('says why the examples are not there, and tries again at the next start', async () => {
  status = 401;
  await welcome({ url, dataDir });
  expect(printed.join('\n')).toContain('The example documents could not be loaded: No key.');
  status = 200;
  await welcome({ url, dataDir });
  expect(printed.at(-1)).toContain('example documents about Millrace itself are searchable');
});
