import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { MillraceError } from '@millrace/contracts';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { closeWithin } from './close-within.ts';
import { EventStreamReply } from './reply.ts';
import type { RouteHandler } from './route-binder.ts';
import { serve } from './testing/serve.ts';

/** A server that is working on a request. */
async function asking(handle: RouteHandler) {
  const cutOff = new AbortController();
  const asked = Promise.withResolvers<void>();
  const noting: RouteHandler = (request) => {
    asked.resolve();
    return handle(request);
  };
  const { server } = await serve(noting, ['write'], {}, {}, pino({ level: 'silent' }), cutOff);
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const answer = fetch(`http://127.0.0.1:${port}/v1/things/a`, {
    method: 'POST',
    body: '{"name":"x"}',
    headers: { 'content-type': 'application/json' },
  });
  await asked.promise;
  return { answer, close: (ms: number) => closeWithin(server, cutOff, ms) };
}

it('lets an answer that comes in time come whole', async () => {
  const release = Promise.withResolvers<{ ok: boolean }>();
  const { answer, close } = await asking(() => release.promise);
  setTimeout(() => release.resolve({ ok: true }), 100);
  await close(20_000);
  expect(await (await answer).json()).toEqual({ ok: true });
});

it('ends a stream that takes longer with an error frame', async () => {
  const never = new Promise<never>(() => {});
  const { answer, close } = await asking(async () => {
    const frames = (async function* () {
      yield { n: 1 };
      await never;
    })();
    return new EventStreamReply(frames, { done: '[DONE]' });
  });
  const stream = await answer;
  await close(50);
  expect(await stream.text()).toMatch(
    /^data: \{"n":1\}\n\ndata: \{"error":\{"code":"shutting_down".*\}\}\n\n$/,
  );
});

it('refuses what listens to its signal and takes longer', async () => {
  const { answer, close } = await asking(async ({ signal }) => {
    await once(signal, 'abort');
    throw new MillraceError('cancelled');
  });
  await close(50);
  const refused = await answer;
  expect([refused.status, await refused.json()]).toMatchObject([503, { error: { code: 'shutting_down' } }]);
});

it('ends the connection of what does neither', async () => {
  const { answer, close } = await asking(() => new Promise(() => {}));
  const broken = expect(answer).rejects.toThrow();
  await close(50);
  await broken;
});
