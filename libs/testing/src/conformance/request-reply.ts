import { MillraceError } from '@millrace/contracts';
import type { CallOptions, IncomingCall, RequestReply, ServeOptions } from '@millrace/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultPatienceMs, unique, until, type Harness } from './harness.ts';

/** Both ends of a transport: the same instance where there is only one process. */
export interface RequestReplyEnds {
  readonly caller: RequestReply;
  readonly worker: RequestReply;
}

/** Holds an adapter to every promise of `RequestReply`. */
export function requestReplyConformance(
  name: string,
  factory: () => Promise<Harness<RequestReplyEnds>>,
): void {
  describe(`${name} as request and reply`, () => {
    let harness: Harness<RequestReplyEnds>;
    let ends: RequestReplyEnds;
    let method: string;
    let patience: number;

    beforeEach(async () => {
      harness = await factory();
      patience = harness.patienceMs ?? defaultPatienceMs;
      ends = await harness.open();
      method = unique('method');
    });
    afterEach(() => harness.dispose());

    const serve = (handler: ServeOptions['handler'], options: Partial<ServeOptions> = {}) =>
      ends.worker.serve(method, { concurrency: 4, maxWaiting: 100, handler, ...options });
    const call = (input: unknown, options: Partial<CallOptions> = {}): Promise<unknown> =>
      ends.caller.call(method, input, { deadline: Date.now() + patience, ...options });

    describe('calling', () => {
      it('brings input, headers and deadline to the handler and its result back', async () => {
        const deadline = Date.now() + patience;
        const calls: IncomingCall[] = [];
        await serve(async (incoming) => {
          calls.push(incoming);
          return { echoed: incoming.input };
        });
        const input = { text: 'käse \u0000 🧀', list: [1.5, null, true, { deep: [] }] };
        expect(await call(input, { deadline, headers: { trace: 'ü1' } })).toEqual({ echoed: input });
        expect(calls[0]).toMatchObject({ input, deadline, headers: { trace: 'ü1' } });
        expect(calls[0]!.signal.aborted).toBe(false);
      });

      it('carries values as JSON does: nothing is shared, undefined fields are absent', async () => {
        const held: { list: number[] }[] = [];
        await serve(async ({ input }) => {
          const value = input as { list: number[] };
          held.push(value);
          value.list.push(99);
          return { list: value.list, absent: undefined };
        });
        const input = { list: [1], absent: undefined };
        const output = (await call(input)) as { list: number[] };
        expect(input.list).toEqual([1]);
        expect(Object.keys(output)).toEqual(['list']);
        output.list.push(100);
        expect(held).toEqual([{ list: [1, 99] }]);
        expect(Object.keys(held[0]!)).toEqual(['list']);
      });

      it('gives each of many callers its own answer', async () => {
        await serve(async ({ input }) => ({ twice: 2 * (input as number) }), { maxWaiting: 1_000 });
        const inputs = Array.from({ length: 200 }, (_, index) => index);
        const outputs = await Promise.all(inputs.map((input) => call(input)));
        expect(outputs).toEqual(inputs.map((input) => ({ twice: 2 * input })));
      });

      it('fails by its deadline where nobody serves the method', async () => {
        const failure = await failureOf(call(null, { deadline: Date.now() + 300 }));
        expect(['dependency_unavailable', 'deadline_exceeded']).toContain(failure.code);
      });
    });

    describe('failing', () => {
      it('brings a MillraceError back with its code and particulars', async () => {
        const thrown = new MillraceError('input_too_long', {
          detail: 'text 3',
          param: 'texts.3',
          retryAfter: 7,
        });
        await serve(() => Promise.reject(thrown));
        const failure = await failureOf(call(null));
        expect(failure).toMatchObject({ code: 'input_too_long', param: 'texts.3', retryAfter: 7 });
        expect(failure.message).toBe(thrown.message);
      });

      it('brings any other error back as internal', async () => {
        await serve(() => Promise.reject(new TypeError('secret')));
        const failure = await failureOf(call(null));
        expect(failure.code).toBe('internal');
        expect(failure.message).not.toContain('secret');
      });

      it('goes on after a handler that throws at once', async () => {
        const handler = ({ input }: IncomingCall) => {
          if (input === 'bad') throw new Error('at once');
          return Promise.resolve('fine');
        };
        await serve(handler, { concurrency: 1 });
        expect((await failureOf(call('bad'))).code).toBe('internal');
        expect(await call('good')).toBe('fine');
      });
    });

    describe('ending early', () => {
      it('fails at the deadline and aborts the handler’s signal', async () => {
        const started = Promise.withResolvers<AbortSignal>();
        await serve(({ signal }) => {
          started.resolve(signal);
          return new Promise(() => undefined);
        });
        const before = Date.now();
        const failure = await failureOf(call(null, { deadline: before + 400 }));
        expect(failure.code).toBe('deadline_exceeded');
        expect(Date.now() - before).toBeGreaterThanOrEqual(380);
        const signal = await started.promise;
        await until(() => expect(signal.aborted).toBe(true), patience);
      });

      it('does not start what is past its deadline', async () => {
        const inputs = await record();
        expect((await failureOf(call('late', { deadline: Date.now() - 1 }))).code).toBe('deadline_exceeded');
        await call('after');
        expect(inputs).toEqual(['after']);
      });

      it('does not start what outlived its deadline in the queue', async () => {
        const { inputs, release } = await recordAndHold();
        const first = call('first');
        await until(() => expect(inputs).toEqual(['first']), patience);
        const failure = await failureOf(call('waiting', { deadline: Date.now() + 200 }));
        expect(failure.code).toBe('deadline_exceeded');
        release();
        await first;
        await call('after');
        expect(inputs).toEqual(['first', 'after']);
      });

      it('fails when the caller aborts, and aborts the handler’s signal', async () => {
        const started = Promise.withResolvers<AbortSignal>();
        await serve(({ signal }) => {
          started.resolve(signal);
          return new Promise(() => undefined);
        });
        const abort = new AbortController();
        const failing = failureOf(call(null, { signal: abort.signal }));
        const signal = await started.promise;
        expect(signal.aborted).toBe(false);
        abort.abort();
        expect((await failing).code).toBe('cancelled');
        await until(() => expect(signal.aborted).toBe(true), patience);
      });

      it('does not start what was cancelled before or while it waited', async () => {
        const { inputs, release } = await recordAndHold();
        const first = call('first');
        await until(() => expect(inputs).toEqual(['first']), patience);
        const abort = new AbortController();
        const waiting = failureOf(call('waiting', { signal: abort.signal }));
        abort.abort();
        expect((await waiting).code).toBe('cancelled');
        expect((await failureOf(call('never', { signal: abort.signal }))).code).toBe('cancelled');
        release();
        await first;
        await call('after');
        expect(inputs).toEqual(['first', 'after']);
      });
    });

    describe('limits and lanes', () => {
      it('runs as many calls at a time as allowed, lets as many wait, and refuses one more', async () => {
        const { inputs, release } = await recordAndHold({ concurrency: 2, maxWaiting: 2 });
        const running = ['a', 'b'].map((input) => call(input));
        await until(() => expect(inputs).toHaveLength(2), patience);
        const waiting = ['c', 'd'].map((input) => call(input));
        const refused = await refusal();
        expect(refused.code).toBe('queue_full');
        expect(refused.retryAfter).toBeGreaterThan(0);
        expect(inputs).toHaveLength(2);
        release();
        await Promise.all([...running, ...waiting]);
        expect(new Set(inputs)).toEqual(new Set(['a', 'b', 'c', 'd']));
        expect(await call('f')).toBe('f');
      });

      it('takes waiting interactive calls before waiting bulk ones', async () => {
        const { inputs, release } = await recordAndHold({ concurrency: 1, maxWaiting: 2 });
        const first = call('first');
        await until(() => expect(inputs).toEqual(['first']), patience);
        const bulk = call('bulk', { lane: 'bulk' });
        const quick = call('quick', { lane: 'interactive' });
        expect((await refusal()).code).toBe('queue_full');
        release();
        await Promise.all([first, bulk, quick]);
        expect(inputs).toEqual(['first', 'quick', 'bulk']);
      });
    });

    describe('closing', () => {
      it('waits for running calls and serves no more', async () => {
        const started = Promise.withResolvers<void>();
        const release = Promise.withResolvers<string>();
        const served = await serve(() => {
          started.resolve();
          return release.promise;
        });
        const running = call(null);
        await started.promise;
        let closed = false;
        const closing = served.close().then(() => (closed = true));
        const refused = await failureOf(call(null, { deadline: Date.now() + 300 }));
        expect(['dependency_unavailable', 'shutting_down', 'deadline_exceeded']).toContain(refused.code);
        expect(closed).toBe(false);
        release.resolve('done');
        expect(await running).toBe('done');
        await closing;
      });

      it('can be served again after it was closed', async () => {
        const served = await serve(async () => 'old');
        await served.close();
        await serve(async () => 'new');
        expect(await call(null)).toBe('new');
      });

      it('is healthy while open, and refuses calls once closed', async () => {
        await serve(async () => 'answer');
        expect(await ends.caller.healthy()).toBe(true);
        await ends.caller.close();
        expect(await ends.caller.healthy()).toBe(false);
        await expect(call(null)).rejects.toThrow(MillraceError);
      });
    });

    async function record(): Promise<unknown[]> {
      const inputs: unknown[] = [];
      await serve(async ({ input }) => void inputs.push(input));
      return inputs;
    }

    /** Echoes inputs, once released; one at a time unless said otherwise. */
    async function recordAndHold(options: Partial<ServeOptions> = { concurrency: 1 }) {
      const inputs: unknown[] = [];
      const held = Promise.withResolvers<void>();
      await serve(async ({ input }) => {
        inputs.push(input);
        await held.promise;
        return input;
      }, options);
      return { inputs, release: () => held.resolve() };
    }

    /** Calls until one is not let in: across processes it may take a moment until all that wait are known. */
    async function refusal(): Promise<MillraceError> {
      const giveUp = Date.now() + patience;
      for (;;) {
        const failure = await failureOf(call('one too many', { deadline: Date.now() + 200 }));
        if (failure.code !== 'deadline_exceeded' || Date.now() > giveUp) return failure;
      }
    }
  });
}

/** What a call rejects with, which must be a MillraceError. */
async function failureOf(calling: Promise<unknown>): Promise<MillraceError> {
  const outcome = await calling.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in outcome)) throw new Error(`no error but ${JSON.stringify(outcome.value)}`);
  expect(outcome.error).toBeInstanceOf(MillraceError);
  return outcome.error as MillraceError;
}
