import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { services } from '@millrace/contracts';
import { loadSettings } from '@millrace/composition';
import { closeWithin, createLogger } from '@millrace/platform';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createGateway } from './gateway.ts';
import type { Addresses } from './upstreams.ts';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

type Play = (request: IncomingMessage, response: ServerResponse) => unknown;

async function replica(play: Play): Promise<{ url: string }> {
  const server = createServer((...exchange) => void play(...exchange)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push({ close: () => (server.closeAllConnections(), server.close()) });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A gateway whose services are all at these addresses. */
const gateway = async (...urls: string[]): Promise<string> => (await closable(urls)).url;

async function closable(urls: string[]) {
  const cutOff = new AbortController();
  const addresses = Object.fromEntries(services.map((service) => [service, urls])) as unknown as Addresses;
  const logger = createLogger({ level: 'silent', format: 'json', service: 'test' });
  const server: FastifyInstance = await createGateway({
    settings: loadSettings(),
    logger,
    addresses,
    cutOff: cutOff.signal,
  });
  opened.push({ close: () => (server.server.closeAllConnections(), server.close()) });
  return { url: await server.listen({ host: '127.0.0.1', port: 0 }), server, cutOff };
}

const refusing = 'http://127.0.0.1:9';
const search = (url: string, body = '{}', signal?: AbortSignal) =>
  fetch(`${url}/v1/search`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
    ...(signal && { signal }),
  });

describe('the gateway', () => {
  it('hands on method, path, query, headers and body, and the answer as it is', async () => {
    const { url } = await replica(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const { method, headers } = request;
      response.writeHead(201, { 'x-own': 'yes' });
      response.end(
        JSON.stringify([method, request.url, headers.authorization, headers['x-request-id'], body]),
      );
    });
    const answer = await fetch(`${await gateway(url)}/v1/documents/a%2Fb?wait=indexed`, {
      method: 'PUT',
      body: '{"text":"t"}',
      headers: { 'content-type': 'application/json', authorization: 'Bearer k', 'x-request-id': 'mine' },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-own')).toBe('yes');
    const path = '/v1/documents/a%2Fb?wait=indexed';
    expect(await answer.json()).toEqual(['PUT', path, 'Bearer k', 'mine', '{"text":"t"}']);
  });

  it('passes a stream on as it comes', async () => {
    const { url } = await replica((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    });
    const answer = await search(await gateway(url));
    const { value } = await answer.body!.getReader().read();
    expect(new TextDecoder().decode(value)).toBe('data: 1\n\n');
  });

  it('takes the next replica when one cannot be reached, body and all', async () => {
    const { url } = await replica(async (request, response) => {
      for await (const chunk of request) response.write(chunk);
      response.end();
    });
    const address = await gateway(refusing, url);
    for (const body of ['first', 'second', 'third'])
      expect(await (await search(address, body)).text()).toBe(body);
  });

  it('says so when no replica can be reached', async () => {
    const answer = await search(await gateway(refusing));
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({ error: { code: 'dependency_unavailable' } });
  });

  it('repeats a request whose kept connection was closed as it was used', async () => {
    let requests = 0;
    const { url } = await replica(async (request, response) => {
      requests += 1;
      if (requests === 2) return void request.socket.destroy();
      for await (const chunk of request) response.write(chunk);
      response.end();
    });
    const address = await gateway(url);
    await (await search(address, 'warm')).text();
    expect(await (await search(address, 'again')).text()).toBe('again');
    expect(requests).toBe(3);
  });

  it.each([
    ['before the answer', () => undefined],
    ['in the middle of it', (response: ServerResponse) => response.writeHead(200).write('x')],
  ])('tells the replica when the caller goes away %s', async (_when, begin) => {
    const left = vi.fn();
    let came!: () => void;
    const arrived = new Promise<void>((resolve) => (came = resolve));
    const { url } = await replica((_request, response) => {
      response.on('close', left);
      begin(response);
      came();
    });
    const caller = new AbortController();
    const asked = search(await gateway(url), '{}', caller.signal).then((answer) => answer.text());
    asked.catch(() => undefined);
    await arrived;
    await pause(20);
    caller.abort();
    await vi.waitFor(() => expect(left).toHaveBeenCalled());
  });

  it('does not pass half an answer off as a whole one', async () => {
    const { url } = await replica((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"half":');
      setTimeout(() => response.destroy(), 20);
    });
    const answer = await search(await gateway(url));
    await expect(answer.text()).rejects.toThrow();
  });

  it.each(['', ': ping\n'])('ends a stream of events whose replica dies with an error', async (ping) => {
    const { url } = await replica((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(`data: 1\n\n${ping}`);
      setTimeout(() => response.destroy(), 20);
    });
    const answer = await (await search(await gateway(url))).text();
    expect(answer).toMatch(
      /^data: 1\n\n(: ping\n)?data: \{"error":\{"code":"dependency_unavailable".*\}\}\n\n$/,
    );
  });

  it('says nothing in the middle of an event', async () => {
    const { url } = await replica((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\ndata: 2');
      setTimeout(() => response.destroy(), 20);
    });
    const answer = await search(await gateway(url));
    await expect(answer.text()).rejects.toThrow();
  });

  it('tells everybody who is still being answered when it waits no longer', async () => {
    const { url: streaming } = await replica((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n'),
    );
    const { url: silent } = await replica(() => undefined);
    const gateways = await Promise.all([closable([streaming]), closable([silent])]);
    const asked = gateways.map(({ url }) => search(url));
    const stream = await asked[0]!;
    await Promise.all(gateways.map(({ server, cutOff }) => closeWithin(server, cutOff, 200)));
    expect(await stream.text()).toMatch(/^data: 1\n\ndata: \{"error":\{"code":"shutting_down"/);
    const refused = await asked[1]!;
    expect([refused.status, await refused.json()]).toMatchObject([503, { error: { code: 'shutting_down' } }]);
  });

  it('reads no more of a body than the replica takes', async () => {
    const { url } = await replica(() => undefined);
    const { port } = new URL(await gateway(url));
    const request = ask({
      port,
      method: 'POST',
      path: '/v1/search',
      headers: { 'content-type': 'text/plain' },
    });
    request.on('error', () => undefined);
    opened.push({ close: () => request.destroy() });
    let taken = 0;
    const chunk = Buffer.alloc(65_536);
    await Promise.race([
      pause(1_000),
      (async () => {
        for (;;) {
          if (!request.write(chunk)) await once(request, 'drain');
          taken += chunk.length;
        }
      })(),
    ]);
    expect(taken).toBeLessThan(64 * 1_048_576);
  });

  it('keeps within the listeners that Node thinks sane', async () => {
    const warned = vi.fn();
    process.once('warning', warned);
    const { url } = await replica((_request, response) => response.end());
    await (await search(await gateway(url))).text();
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
  });

  it('answers for what is no HTTP request in the shape of all errors', async () => {
    const { port, hostname } = new URL(await gateway(refusing));
    const socket = connect(Number(port), hostname);
    socket.write('FOO / HTTP/1.1\r\nhost: a\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"malformed_http"');
  });

  it('answers for routes that no service has', async () => {
    const { url } = await replica((_request, response) => response.end());
    const answer = await fetch(`${await gateway(url)}/v1/nothing`);
    expect(await answer.json()).toMatchObject({ error: { code: 'route_not_found' } });
  });
});
