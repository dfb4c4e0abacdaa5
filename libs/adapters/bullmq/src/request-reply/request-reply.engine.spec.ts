import { setTimeout as pause } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import type { CallOptions, ServeOptions } from '@millrace/ports';
import { noEngine, unique, until } from '@millrace/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forget, redisUrl } from '../testing/redis-server.ts';
import { TcpProxy } from '../testing/tcp-proxy.ts';
import { RedisRequestReply } from './redis-request-reply.ts';

const patienceMs = 10_000;

describe('RedisRequestReply', () => {
  let prefix: string;
  const opened: RedisRequestReply[] = [];
  const proxies: TcpProxy[] = [];

  beforeEach((context) => {
    if (!redisUrl) return context.skip(noEngine('redis'));
    prefix = unique('test');
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((transport) => transport.close()));
    for (const proxy of proxies.splice(0)) proxy.cut();
    if (redisUrl) await forget(redisUrl, prefix);
  });

  const open = (url = redisUrl!): RedisRequestReply => {
    const transport = new RedisRequestReply({ url, prefix, commandTimeoutMs: 500, retryPauseMs: 50 });
    opened.push(transport);
    return transport;
  };
  /** A process that can be killed by cutting its proxy. */
  const openMortal = async () => {
    const proxy = await TcpProxy.to(redisUrl!);
    proxies.push(proxy);
    return { transport: open(proxy.url), proxy };
  };
  const serve = (
    transport: RedisRequestReply,
    handler: ServeOptions['handler'],
    options: Partial<ServeOptions> = {},
  ) => transport.serve('method', { concurrency: 1, maxWaiting: 2, handler, ...options });
  const call = (
    transport: RedisRequestReply,
    input: unknown,
    options: Partial<CallOptions> = {},
  ): Promise<unknown> => transport.call('method', input, { deadline: Date.now() + patienceMs, ...options });
  const codeOf = async (calling: Promise<unknown>): Promise<string> => {
    const thrown = await calling.then(
      () => undefined,
      (error: unknown) => error,
    );
    return thrown instanceof MillraceError ? thrown.code : String(thrown);
  };

  it('knows at once that nobody serves a method', async () => {
    const before = Date.now();
    expect(await codeOf(call(open(), null))).toBe('dependency_unavailable');
    expect(Date.now() - before).toBeLessThan(1_000);
  });

  it('knows within seconds that the only server was killed', async () => {
    const { transport, proxy } = await openMortal();
    await serve(transport, async () => 'alive');
    const caller = open();
    expect(await call(caller, null)).toBe('alive');
    proxy.cut();
    const briefly = () => codeOf(call(caller, null, { deadline: Date.now() + 100 }));
    await until(async () => expect(await briefly()).toBe('dependency_unavailable'), 5_000);
  });

  it('leaves the calls to the other server when one is killed', async () => {
    const { transport, proxy } = await openMortal();
    await serve(transport, async () => 'one');
    await serve(open(), async () => 'other');
    proxy.cut();
    const caller = open();
    const answers = await Promise.all(Array.from({ length: 3 }, () => call(caller, null)));
    expect(answers).toEqual(['other', 'other', 'other']);
  });

  it('spreads calls over servers as these have slots free', async () => {
    const slow = Promise.withResolvers<string>();
    await serve(open(), () => slow.promise);
    let quick = 0;
    await serve(open(), async () => ++quick);
    const caller = open();
    const answers = Array.from({ length: 20 }, () =>
      pause(Math.random() * 200).then(() => call(caller, null)),
    );
    await until(() => expect(quick).toBeGreaterThanOrEqual(19), patienceMs);
    slow.resolve('slow');
    await Promise.all(answers);
  });

  it('counts what waits over all callers', async () => {
    const held = Promise.withResolvers<void>();
    await serve(open(), () => held.promise, { concurrency: 2, maxWaiting: 5 });
    const callers = [open(), open(), open()];
    const calls = callers.flatMap((caller) =>
      Array.from({ length: 10 }, () => codeOf(call(caller, null, { deadline: Date.now() + 1_500 }))),
    );
    const codes = await Promise.all(calls);
    const refused = codes.filter((code) => code === 'queue_full').length;
    // Two run and five wait; while the first two are being taken two more may slip in.
    expect(refused).toBeGreaterThanOrEqual(30 - 9);
    expect(refused).toBeLessThanOrEqual(30 - 7);
    held.resolve();
  });

  it('forgets the calls of a killed caller by their deadline', async () => {
    const held = Promise.withResolvers<void>();
    const inputs: unknown[] = [];
    await serve(open(), async ({ input }) => {
      inputs.push(input);
      await held.promise;
    });
    const survivor = open();
    const first = call(survivor, 'first');
    await until(() => expect(inputs).toEqual(['first']), patienceMs);
    const { transport, proxy } = await openMortal();
    const lost = codeOf(call(transport, 'lost', { deadline: Date.now() + 500 }));
    await pause(200);
    proxy.cut();
    expect(await lost).toBe('dependency_unavailable');
    held.resolve();
    await first;
    await call(survivor, 'after');
    expect(inputs).toEqual(['first', 'after']);
  });

  it('refuses the calls that wait when the last server leaves', async () => {
    const held = Promise.withResolvers<string>();
    const served = await serve(open(), () => held.promise);
    const caller = open();
    const running = call(caller, 'running');
    await pause(100);
    const waiting = codeOf(call(caller, 'waiting'));
    await pause(100);
    const closing = served.close();
    expect(await waiting).toBe('shutting_down');
    held.resolve('done');
    expect(await running).toBe('done');
    await closing;
  });

  it('leaves the calls that wait to those who stay when a server leaves', async () => {
    const held = { leaving: Promise.withResolvers<void>(), staying: Promise.withResolvers<void>() };
    let running = 0;
    const handler = (end: Promise<void>, who: string) => async () => {
      running++;
      await end;
      return who;
    };
    const leaving = await serve(open(), handler(held.leaving.promise, 'leaving'));
    await serve(open(), handler(held.staying.promise, 'staying'));
    const caller = open();
    const first = [call(caller, null), call(caller, null)];
    await until(() => expect(running).toBe(2), patienceMs);
    const waiting = call(caller, null);
    const closing = leaving.close();
    await pause(200);
    held.staying.resolve();
    expect(await waiting).toBe('staying');
    held.leaving.resolve();
    expect((await Promise.all(first)).sort()).toEqual(['leaving', 'staying']);
    await closing;
  });

  it('fails no call while servers come and go', { timeout: 60_000 }, async () => {
    const options = { concurrency: 4, maxWaiting: 100 };
    const handler = async () => 'served';
    const transports = [open(), open()];
    let staying = await serve(transports[0]!, handler, options);
    const caller = open();
    const failures: string[] = [];
    let made = 0;
    let isOver = false;
    const callOn = async (): Promise<void> => {
      for (; !isOver; made++)
        await call(caller, null).catch((error: unknown) => void failures.push(String(error)));
    };
    const calling = Promise.all(Array.from({ length: 8 }, callOn));
    for (let turn = 1; made < 500 || turn < 40; turn++) {
      const leaving = staying;
      staying = await serve(transports[turn % 2]!, handler, options);
      await leaving.close();
    }
    isOver = true;
    await calling;
    expect(failures).toEqual([]);
  });

  it('carries large inputs and answers, and several at once', async () => {
    const vectors = Array.from({ length: 500 }, (_, n) => Array.from({ length: 384 }, () => Math.sin(n)));
    await serve(open(), async ({ input }) => ({ vectors, got: (input as string).length }), {
      concurrency: 4,
    });
    const caller = open();
    const input = 'x'.repeat(5_000_000);
    const answers = await Promise.all([call(caller, input), call(caller, input), call(caller, input)]);
    for (const answer of answers) expect(answer).toEqual({ vectors, got: input.length });
  });

  it('answers with an error when the answer is not JSON', async () => {
    await serve(open(), async () => 1n);
    expect(await codeOf(call(open(), null))).toBe('internal');
  });

  describe('with Redis away', () => {
    it('refuses within its time-out and goes on when it is back', async () => {
      const { transport: caller, proxy } = await openMortal();
      const server = await openMortal();
      await serve(server.transport, async () => 'answer');
      expect(await call(caller, null)).toBe('answer');
      proxy.cut();
      server.proxy.cut();
      const before = Date.now();
      expect(await codeOf(call(caller, null))).toBe('dependency_unavailable');
      expect(await caller.healthy()).toBe(false);
      expect(Date.now() - before).toBeLessThan(2_000);
      await Promise.all([proxy.restore(), server.proxy.restore()]);
      await until(async () => expect(await call(caller, null)).toBe('answer'), patienceMs);
      expect(await caller.healthy()).toBe(true);
    });

    /** A call that its server works on, and that the caller knows to be let in. */
    const runningCall = async (deadlineMs: number) => {
      const { transport: caller, proxy } = await openMortal();
      const started = Promise.withResolvers<void>();
      const release = Promise.withResolvers<void>();
      await serve(open(), async () => {
        started.resolve();
        await release.promise;
      });
      const outcome = codeOf(call(caller, null, { deadline: Date.now() + deadlineMs }));
      await started.promise;
      await pause(100);
      return { outcome, proxy, release: () => release.resolve() };
    };

    it('says in the time of a command that the answer to what it had called will not come', async () => {
      const { outcome, proxy, release } = await runningCall(patienceMs);
      const before = Date.now();
      proxy.cut();
      release();
      expect(await outcome).toBe('dependency_unavailable');
      expect(Date.now() - before).toBeLessThan(patienceMs / 2);
    });

    it('says that Redis is away also by a deadline before the end of its own patience', async () => {
      const { transport: caller, proxy } = await openMortal();
      await serve(open(), async () => 'answer');
      expect(await call(caller, null)).toBe('answer');
      proxy.cut();
      expect(await codeOf(call(caller, null, { deadline: Date.now() + 100 }))).toBe('dependency_unavailable');
    });

    it('fails by its deadline what was answered during a short absence', async () => {
      const { outcome, proxy, release } = await runningCall(1_500);
      proxy.cut();
      release();
      await pause(100);
      await proxy.restore();
      expect(await outcome).toBe('deadline_exceeded');
    });

    it('closes in time on both sides', async () => {
      const { transport: caller, proxy } = await openMortal();
      const server = await openMortal();
      await serve(server.transport, () => new Promise(() => undefined));
      const lost = codeOf(call(caller, null, { deadline: Date.now() + 1_000 }));
      await pause(100);
      proxy.cut();
      server.proxy.cut();
      const before = Date.now();
      await Promise.all([caller.close(), server.transport.close()]);
      expect(Date.now() - before).toBeLessThan(2_500);
      expect(await lost).toBe('shutting_down');
    });

    it('may be served before Redis is there', async () => {
      const { transport, proxy } = await openMortal();
      proxy.cut();
      await serve(transport, async () => 'late');
      await proxy.restore();
      const caller = open();
      await until(async () => expect(await call(caller, null)).toBe('late'), patienceMs);
    });
  });

  it('is served again within moments when Redis was flushed empty', async () => {
    await serve(open(), async () => 'answer');
    const caller = open();
    expect(await call(caller, null)).toBe('answer');
    await forget(redisUrl!, prefix);
    await until(async () => expect(await call(caller, null)).toBe('answer'), 3_000);
  });
});
