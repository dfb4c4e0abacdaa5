import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createHttpServer, createLogger, httpSettings } from '@millrace/platform';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveConsole } from './console.ts';
import { loadSettings } from './settings/all-settings.ts';

let folder: string;
let server: FastifyInstance;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-console-'));
  await writeFile(join(folder, 'index.html'), 'twelve bytes');
  const logger = createLogger({ level: 'silent', format: 'json', service: 'test' });
  server = await createHttpServer({ settings: loadSettings().of(httpSettings), open: false, logger });
  await serveConsole(pathToFileURL(`${folder}/`))(server);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const asking = async (headers: Record<string, string>) => {
  const { statusCode, headers: answered, body } = await server.inject({ method: 'GET', url: '/', headers });
  return { status: statusCode, range: answered['content-range'], body };
};

describe('a file of the console', () => {
  it('comes in part where part is asked for', async () => {
    expect(await asking({ range: 'bytes=0-5' })).toEqual({
      status: 206,
      range: 'bytes 0-5/12',
      body: 'twelve',
    });
  });

  it('that ends before the range is refused with its length', async () => {
    const { status, range, body } = await asking({ range: 'bytes=900-' });
    expect({ status, range }).toEqual({ status: 416, range: 'bytes */12' });
    expect(body).toContain('"code":"range_not_satisfiable"');
  });

  it('that is another than the one expected is refused', async () => {
    const { status, body } = await asking({ 'if-match': '"another"' });
    expect(status).toBe(412);
    expect(body).toContain('"code":"precondition_failed"');
  });
});
