import { once } from 'node:events';
import { createServer } from 'node:net';
import type { ServerResponse } from 'node:http';
import { MillraceError, type ErrorCode } from '@millrace/contracts';
import type { GenerationPart } from '@millrace/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { delta, done, event, FaultWall, finish, streamHead, usage, type Play } from './fault-wall.ts';
import { OpenAiGenerator, type OpenAiOptions } from './openai-generator.ts';

const secret = 'sk-test-1234567890';
const question = { model: undefined, messages: [{ role: 'user', content: 'hi' }], parameters: {} };

let wall: FaultWall;
let url: string;
let generator: OpenAiGenerator;

const connect = (options: Partial<OpenAiOptions> = {}): OpenAiGenerator =>
  new OpenAiGenerator({ baseUrl: url, apiKey: secret, model: 'mock', ...options });

beforeEach(async () => {
  wall = new FaultWall((response) => response.writeHead(404).end());
  url = await wall.listen();
  generator = connect();
});
afterEach(async () => {
  await generator.close();
  await wall.close();
});

async function collect(
  from = generator,
  signal = new AbortController().signal,
): Promise<{ parts: GenerationPart[]; text: string; error?: MillraceError }> {
  const parts: GenerationPart[] = [];
  const text = () => parts.map((part) => (part.type === 'delta' ? (part.delta.content ?? '') : '')).join('');
  try {
    for await (const part of from.generate(question, signal)) parts.push(part);
    return { parts, text: text() };
  } catch (error) {
    expect(error).toBeInstanceOf(MillraceError);
    return { parts, text: text(), error: error as MillraceError };
  }
}

const stream =
  (...events: readonly string[]): Play =>
  (response) =>
    streamHead(response).end(events.join(''));

async function write(response: ServerResponse, bytes: Uint8Array | string): Promise<void> {
  await new Promise<void>((resolve) => response.write(bytes, () => resolve()));
}

describe('a stream as it should be', () => {
  it('gives start, deltas and end with usage', async () => {
    wall.next(stream(delta('Hel'), delta('lo'), finish(), usage, done));
    const { parts } = await collect();
    expect(parts).toEqual([
      { type: 'start', model: 'mock-1' },
      { type: 'delta', choice: 0, delta: { content: 'Hel' } },
      { type: 'delta', choice: 0, delta: { content: 'lo' } },
      { type: 'end', finishReasons: ['stop'], usage: { promptTokens: 7, completionTokens: 3 } },
    ]);
  });

  it('asks for usage, streams, and passes parameters on', async () => {
    wall.next(stream(delta('x'), finish(), done));
    const request = { ...question, parameters: { temperature: 0, stream_options: { extra: 1 } } };
    for await (const part of generator.generate(request, new AbortController().signal)) void part;
    expect(JSON.parse(wall.requests[0]!.body)).toEqual({
      model: 'mock',
      messages: [{ role: 'user', content: 'hi' }],
      temperature: 0,
      stream: true,
      stream_options: { extra: 1, include_usage: true },
    });
    expect(wall.requests[0]!.authorization).toBe(`Bearer ${secret}`);
  });

  it('passes reasoning, tool calls and refusals', async () => {
    const toolCalls = [{ index: 0, id: 'c1', function: { name: 'f', arguments: '{}' } }];
    wall.next(
      stream(
        event({ choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] }),
        event({ choices: [{ index: 0, delta: { reasoning_content: 'hm' } }] }),
        event({ choices: [{ index: 0, delta: { tool_calls: toolCalls } }] }),
        event({ choices: [{ index: 0, delta: { refusal: 'no' } }] }),
        finish('tool_calls'),
        done,
      ),
    );
    const { parts } = await collect();
    expect(parts.slice(1)).toEqual([
      { type: 'delta', choice: 0, delta: { reasoning: 'hm' } },
      { type: 'delta', choice: 0, delta: { toolCalls } },
      { type: 'delta', choice: 0, delta: { refusal: 'no' } },
      { type: 'end', finishReasons: ['tool_calls'], usage: undefined },
    ]);
  });

  it('reads events cut anywhere: inside a character, a line, a CRLF', async () => {
    const bytes = Buffer.from((delta('Grüße 🌊') + finish() + usage + done).replaceAll('\n', '\r\n'));
    wall.next(async (response) => {
      streamHead(response).flushHeaders();
      for (const byte of bytes) await write(response, Uint8Array.of(byte));
      response.end();
    });
    expect(await collect()).toMatchObject({ text: 'Grüße 🌊', parts: { length: 3 } });
  });

  it('ignores comments, pings, other event types, empty choices and ids', async () => {
    wall.next(
      stream(
        ': ping\n',
        delta('a'),
        ': keep-alive\n\n',
        'event: ping\nid: 4\nretry: 100\n\n',
        event({ choices: [] }),
        event({ choices: null }),
        delta('b'),
        finish(),
        done,
      ),
    );
    expect((await collect()).text).toBe('ab');
  });

  it('accepts an end without [DONE], without usage, and without the last blank line', async () => {
    wall.next(stream(delta('a'), finish('length').trimEnd()));
    const { parts } = await collect();
    expect(parts.at(-1)).toEqual({ type: 'end', finishReasons: ['length'], usage: undefined });
  });

  it('counts a finished answer as complete when the usage never comes', async () => {
    generator = connect({ idleTimeoutMs: 50 });
    wall.next((response) => streamHead(response).write(delta('a') + finish()));
    expect((await collect()).parts.at(-1)).toMatchObject({ type: 'end' });
  });

  it('takes the last usage where each event carries one', async () => {
    const counted = (n: number) => ({ usage: { prompt_tokens: 7, completion_tokens: n } });
    wall.next(
      stream(
        event({ choices: [{ index: 0, delta: { content: 'a' } }], ...counted(1) }),
        event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], ...counted(2) }),
        done,
      ),
    );
    expect((await collect()).parts.at(-1)).toMatchObject({ usage: { completionTokens: 2 } });
  });

  /** A connection is free again some ticks after its answer ended, so not every request finds one. */
  const rounds = 10;

  it('keeps connections for later requests', async () => {
    const ports = new Set<number | undefined>();
    wall.next((response, request) => {
      ports.add(request.socket.remotePort);
      stream(delta('a'), finish(), usage, done)(response, request, '');
    });
    for (let round = 0; round < rounds; round++) expect((await collect()).error).toBeUndefined();
    expect(ports.size).toBeLessThan(rounds);
  });

  it('asks again when a kept connection had been closed meanwhile', async () => {
    const seen = new Set<number | undefined>();
    let killed = 0;
    wall.next((response, request) => {
      const { remotePort } = request.socket;
      if (seen.has(remotePort)) return (killed++, request.socket.destroy());
      seen.add(remotePort);
      return stream(delta('a'), finish(), done)(response, request, '');
    });
    for (let round = 0; round < rounds; round++) expect((await collect()).text).toBe('a');
    expect(killed).toBeGreaterThan(0);
  });
});

describe('an event of another shape', () => {
  const deltaOf = (fields: object) => ({ choices: [{ index: 0, delta: fields }] });
  const call = (fields: object) => deltaOf({ tool_calls: [{ index: 0, id: 'a', ...fields }] });
  it.each([
    ['choices', { choices: {} }],
    ['choices', { choices: [null] }],
    ['choices', { choices: Array.from({ length: 129 }, () => ({})) }],
    ['choices.index', { choices: [{ index: 1e9 }] }],
    ['delta', { choices: [{ delta: 'x' }] }],
    ['finish_reason', { choices: [{ finish_reason: 1 }] }],
    ['content', deltaOf({ content: { a: 1 } })],
    ['content', deltaOf({ content: 0 })],
    ['refusal', deltaOf({ refusal: ['no'] })],
    ['reasoning_content', deltaOf({ reasoning_content: true })],
    ['reasoning', deltaOf({ reasoning: {} })],
    ['tool_calls', deltaOf({ tool_calls: {} })],
    ['tool_calls', deltaOf({ tool_calls: [null] })],
    ['tool_calls.index', call({ index: 4_000_000_000 })],
    ['tool_calls.index', call({ index: -1 })],
    ['tool_calls.index', call({ index: '0' })],
    ['tool_calls.id', call({ id: 1 })],
    ['tool_calls.function', call({ function: [] })],
    ['tool_calls.function.name', call({ function: { name: {} } })],
    ['tool_calls.function.arguments', call({ function: { arguments: { x: 1 } } })],
    ['usage', { choices: [], usage: 3 }],
  ])('is an error that names %s', async (name, chunk) => {
    wall.next(stream(delta('a'), event(chunk), finish(), done));
    const { error, text } = await collect();
    expect(text).toBe('a');
    expect(error).toMatchObject({
      code: 'backend_error',
      detail: `an event of its stream has no known shape: ${name}`,
    });
  });

  it('is not one that leaves out what it may, or says null', async () => {
    const nothing = { content: null, refusal: null, reasoning: null, tool_calls: null };
    wall.next(
      stream(
        event({ choices: [{ delta: null, finish_reason: null }], usage: null }),
        event({ choices: [{ delta: nothing }], usage: { prompt_tokens: 7, completion_tokens: null } }),
        event({ choices: [{ delta: { tool_calls: [{ function: null }, {}] } }] }),
        finish(),
        done,
      ),
    );
    const { error, parts } = await collect();
    expect(error).toBeUndefined();
    expect(parts.at(-1)).toMatchObject({ usage: { promptTokens: 7, completionTokens: 0 } });
  });

  it('says nothing of the usage when its counts are none', async () => {
    const odd = { prompt_tokens: 'many', completion_tokens: -1 };
    wall.next(stream(delta('a'), finish(), event({ choices: [], usage: odd }), done));
    expect((await collect()).parts.at(-1)).toEqual({
      type: 'end',
      finishReasons: ['stop'],
      usage: undefined,
    });
  });
});

describe('a stream that breaks never ends cleanly', () => {
  const cases: [string, Play, ErrorCode, RegExp, RegExp?][] = [
    ['ends after a delta', stream(delta('half an')), 'backend_error', /before the answer was complete/],
    ['ends without any event', stream(), 'backend_error', /before the answer was complete/],
    ['says [DONE] and nothing else', stream(done), 'backend_error', /before the answer was complete/],
    [
      'says [DONE] after a delta',
      stream(delta('half an'), done),
      'backend_error',
      /before the answer was complete/,
    ],
    [
      'has an empty finish reason before it is cut',
      stream(event({ choices: [{ index: 0, delta: { content: 'half' }, finish_reason: '' }] })),
      'backend_error',
      /before the answer was complete/,
    ],
    [
      'ends for a reason that nobody knows',
      stream(delta('half an'), finish('abort'), usage, done),
      'backend_error',
      /for the reason "abort"/,
    ],
    [
      'is reset in the middle',
      (response) => {
        streamHead(response).write(delta('half an'), () => response.destroy());
      },
      'backend_error',
      /connection broke/,
    ],
    ['has garbage for JSON', stream(delta('a'), event('{"choices": [')), 'backend_error', /not JSON/],
    ['has JSON of another shape', stream(event('[1]'), event('"x"')), 'backend_error', /no known shape/],
    [
      'has an error in its second event',
      stream(delta('a'), event({ error: { message: `overloaded, key ${secret}`, code: 500 } })),
      'backend_error',
      /its stream reports an error/,
      /overloaded, key \*\*\*/,
    ],
    [
      'has an error in vLLM’s shape',
      stream(event({ object: 'error', message: 'overloaded', code: 500 })),
      'backend_error',
      /its stream reports an error/,
      /overloaded/,
    ],
    [
      'is refused in its first event',
      stream(event({ error: { message: 'too long', code: 400 } })),
      'backend_refused',
      /too long/,
    ],
    [
      'is refused in vLLM’s shape',
      stream(event({ object: 'error', message: 'too long', code: 400 })),
      'backend_refused',
      /too long/,
    ],
    [
      'has an endless line',
      (response) => {
        streamHead(response);
        const fill = () => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
          response.once('drain', fill);
        };
        response.write('data: ');
        fill();
      },
      'backend_error',
      /too long/,
    ],
    [
      'is a page and not a stream',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>log in</p>'),
      'backend_error',
      /did not stream.*text\/html/,
    ],
  ];
  it.each(cases)('%s', async (_name, play, code, message, logged) => {
    wall.next(play);
    const { error, parts } = await collect();
    expectLogged(error, logged);
    expect(error?.code).toBe(code);
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain(secret);
    expect(parts.map(({ type }) => type)).not.toContain('end');
  });
});

/** What the back end said and callers are not told. */
function expectLogged(error: MillraceError | undefined, logged: RegExp | undefined): void {
  if (!logged) return;
  expect(error!.message).not.toMatch(logged);
  expect((error!.cause as Error).message).toMatch(logged);
}

describe('a refusal', () => {
  const refuse =
    (status: number, body: string, headers: Record<string, string> = {}): Play =>
    (response) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  /** Seconds after which to come again, and what the log alone has. */
  const cases: [string, Play, ErrorCode, RegExp, (number | undefined)?, RegExp?][] = [
    [
      '429 with seconds',
      refuse(429, '{"error":{"message":"slow down"}}', { 'retry-after': '7' }),
      'queue_full',
      /429\)/,
      7,
      /slow down/,
    ],
    [
      '429 with a date',
      refuse(429, '', { 'retry-after': new Date(Date.now() + 30_000).toUTCString() }),
      'queue_full',
      /429/,
      30,
    ],
    [
      '400 says why',
      refuse(400, `{"error":{"message":"context too long, ${secret}"}}`),
      'backend_refused',
      /400: context too long, \*\*\*/,
    ],
    ['413', refuse(413, ''), 'backend_refused', /413/],
    ['422 with a long page', refuse(422, 'x'.repeat(400_000)), 'backend_refused', /422: x{300}…/],
    [
      '401 hides the key',
      refuse(401, `{"error":"bad key ${secret}"}`),
      'backend_error',
      /401: the operator should check MILLRACE_LLM_API_KEY/,
      undefined,
      /bad key \*\*\*/,
    ],
    ['403', refuse(403, 'org-7 has no credit'), 'backend_error', /403: the operator/, undefined, /org-7/],
    [
      '404 in text',
      refuse(404, 'no such\nfile'),
      'backend_refused',
      /answers 404/,
      undefined,
      /no such file/,
    ],
    [
      ...(['503', refuse(503, '{"detail":"loading"}', { 'retry-after': '2' })] as const),
      ...(['backend_unavailable', /answers 503/, 2, /loading/] as const),
    ],
    [
      ...(['500 with a long page', refuse(500, 'x'.repeat(400_000))] as const),
      ...(['backend_error', /answers 500/, undefined, /says: x{300}…/] as const),
    ],
    ['a redirect', refuse(302, '', { location: 'http://127.0.0.1:1/' }), 'backend_error', /302/],
  ];
  it.each(cases)('%s', async (_name, play, code, message, retryAfter, logged) => {
    wall.next(play);
    const { error } = await collect();
    expectLogged(error, logged);
    expect(error?.code).toBe(code);
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain(secret);
    // A date comes nearer while the tests before this one run.
    if (retryAfter !== undefined) {
      expect(error!.retryAfter!).toBeLessThanOrEqual(retryAfter + 1);
      expect(error!.retryAfter!).toBeGreaterThan(Math.max(0, retryAfter - 25));
    }
  });

  it('is backend_unavailable when nobody listens', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    generator = connect({ baseUrl: `http://127.0.0.1:${port}/v1` });
    expect((await collect()).error).toMatchObject({ code: 'backend_unavailable', detail: 'ECONNREFUSED' });
    expect(await generator.healthy()).toBe(false);
  });
});

describe('time', () => {
  it('bounds the wait for the head', async () => {
    generator = connect({ firstByteTimeoutMs: 50 });
    wall.next(() => undefined);
    expect((await collect()).error).toMatchObject({ code: 'backend_unavailable' });
    await expect.poll(() => wall.abandoned).toBe(1);
  });

  it('bounds the wait for the first event, whatever comments come', async () => {
    generator = connect({ firstByteTimeoutMs: 100 });
    wall.next((response) => {
      const pings = setInterval(() => response.write(': ping\n'), 20);
      streamHead(response).on('close', () => clearInterval(pings));
    });
    expect((await collect()).error).toMatchObject({ code: 'backend_unavailable' });
  });

  it('bounds the wait between events', async () => {
    generator = connect({ idleTimeoutMs: 50 });
    wall.next((response) => streamHead(response).write(delta('a')));
    const { error, text } = await collect();
    expect(text).toBe('a');
    expect(error?.code).toBe('backend_unavailable');
    await expect.poll(() => wall.abandoned).toBe(1);
  });

  it('does not blame the back end for a slow reader', async () => {
    generator = connect({ idleTimeoutMs: 40 });
    wall.next(stream(delta('a'), delta('b'), finish(), done));
    const texts: unknown[] = [];
    for await (const part of generator.generate(question, new AbortController().signal)) {
      texts.push(part);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(texts).toHaveLength(4);
  });
});

describe('a caller who goes away', () => {
  const phases: [string, Play][] = [
    ['before the head', () => undefined],
    ['before the first event', (response) => streamHead(response).flushHeaders()],
    ['while it streams', (response) => streamHead(response).write(delta('a'))],
  ];
  it.each(phases)('%s: the back end is told', async (_name, play) => {
    const controller = new AbortController();
    wall.next(play);
    const running = collect(generator, controller.signal);
    await expect.poll(() => wall.requests.length).toBe(1);
    controller.abort(new MillraceError('cancelled'));
    expect((await running).error?.code).toBe('cancelled');
    await expect.poll(() => wall.abandoned).toBe(1);
  });

  it('stopping to read is enough', async () => {
    wall.next((response) => streamHead(response).write(delta('a')));
    for await (const part of generator.generate(question, new AbortController().signal))
      if (part.type === 'delta') break;
    await expect.poll(() => wall.abandoned).toBe(1);
  });

  it('sends nothing when it was gone before', async () => {
    expect((await collect(generator, AbortSignal.abort(new MillraceError('cancelled')))).error?.code).toBe(
      'cancelled',
    );
    expect(wall.requests).toHaveLength(0);
  });

  it('leaves no listener behind', async () => {
    const { signal } = new AbortController();
    let listening = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...given: Parameters<typeof add>) => (listening++, add(...given));
    signal.removeEventListener = (...given: Parameters<typeof remove>) => (listening--, remove(...given));
    wall.next(stream(delta('a'), finish(), done));
    await collect(generator, signal);
    wall.next(stream(delta('cut')));
    await collect(generator, signal);
    expect(listening).toBe(0);
  });
});

describe('models', () => {
  const list: Play = (response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[{"id":"m1"},{"id":"m2"}]}');

  it('lists the default first', async () => {
    wall.next(list);
    expect(await connect({ model: 'm2' }).models()).toEqual(['m2', 'm1']);
    expect(await generator.healthy()).toBe(true);
  });

  it('takes the first listed when none is set', async () => {
    generator = connect({ model: undefined });
    wall.next((response, request, body) =>
      request.url === '/v1/models'
        ? list(response, request, body)
        : stream(delta('a'), finish(), done)(response, request, body),
    );
    await collect();
    expect(JSON.parse(wall.requests.at(-1)!.body)).toMatchObject({ model: 'm1' });
  });

  it('does not blame the caller when there is no list', async () => {
    generator = connect({ model: undefined });
    expect((await collect()).error).toMatchObject({ code: 'backend_error', detail: 'it answers 404' });
  });

  it('says so when the list is no list', async () => {
    wall.next((response) => response.writeHead(200).end('{}'));
    await expect(generator.models()).rejects.toMatchObject({ code: 'backend_error' });
  });
});
