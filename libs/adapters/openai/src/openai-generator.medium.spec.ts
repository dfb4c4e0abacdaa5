import { MillraceError } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { delta, done, event, finish, streamHead, usage, type Play } from './fault-wall.ts';
import { AtTheWall, question, secret, stream, write } from './testing/at-the-wall.ts';

const at = new AtTheWall();

describe('a stream as it should be', () => {
  it('gives start, deltas and end with usage', async () => {
    at.wall.next(stream(delta('Hel'), delta('lo'), finish(), usage, done));
    const { parts } = await at.collect();
    expect(parts).toEqual([
      { type: 'start', model: 'mock-1' },
      { type: 'delta', choice: 0, delta: { content: 'Hel' } },
      { type: 'delta', choice: 0, delta: { content: 'lo' } },
      { type: 'end', finishReasons: ['stop'], usage: { promptTokens: 7, completionTokens: 3 } },
    ]);
  });

  it('asks for usage, streams, and passes parameters on', async () => {
    at.wall.next(stream(delta('x'), finish(), done));
    const request = { ...question, parameters: { temperature: 0, stream_options: { extra: 1 } } };
    for await (const part of at.generator.generate(request, new AbortController().signal)) void part;
    expect(JSON.parse(at.wall.requests[0]!.body)).toEqual({
      model: 'mock',
      messages: [{ role: 'user', content: 'hi' }],
      temperature: 0,
      stream: true,
      stream_options: { extra: 1, include_usage: true },
    });
    expect(at.wall.requests[0]!.authorization).toBe(`Bearer ${secret}`);
  });

  it('passes reasoning, tool calls and refusals', async () => {
    const toolCalls = [{ index: 0, id: 'c1', function: { name: 'f', arguments: '{}' } }];
    at.wall.next(
      stream(
        event({ choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] }),
        event({ choices: [{ index: 0, delta: { reasoning_content: 'hm' } }] }),
        event({ choices: [{ index: 0, delta: { tool_calls: toolCalls } }] }),
        event({ choices: [{ index: 0, delta: { refusal: 'no' } }] }),
        finish('tool_calls'),
        done,
      ),
    );
    const { parts } = await at.collect();
    expect(parts.slice(1)).toEqual([
      { type: 'delta', choice: 0, delta: { reasoning: 'hm' } },
      { type: 'delta', choice: 0, delta: { toolCalls } },
      { type: 'delta', choice: 0, delta: { refusal: 'no' } },
      { type: 'end', finishReasons: ['tool_calls'], usage: undefined },
    ]);
  });

  it('reads events cut anywhere: inside a character, a line, a CRLF', async () => {
    const bytes = Buffer.from((delta('Grüße 🌊') + finish() + usage + done).replaceAll('\n', '\r\n'));
    at.wall.next(async (response) => {
      streamHead(response).flushHeaders();
      for (const byte of bytes) await write(response, Uint8Array.of(byte));
      response.end();
    });
    expect(await at.collect()).toMatchObject({ text: 'Grüße 🌊', parts: { length: 3 } });
  });

  it('ignores comments, pings, other event types, empty choices and ids', async () => {
    at.wall.next(
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
    expect((await at.collect()).text).toBe('ab');
  });

  it('accepts an end without [DONE], without usage, and without the last blank line', async () => {
    at.wall.next(stream(delta('a'), finish('length').trimEnd()));
    const { parts } = await at.collect();
    expect(parts.at(-1)).toEqual({ type: 'end', finishReasons: ['length'], usage: undefined });
  });

  it('counts a finished answer as complete when the usage never comes', async () => {
    at.generator = at.connect({ idleTimeoutMs: 50 });
    at.wall.next((response) => streamHead(response).write(delta('a') + finish()));
    expect((await at.collect()).parts.at(-1)).toMatchObject({ type: 'end' });
  });

  it('takes the last usage where each event carries one', async () => {
    const counted = (n: number) => ({ usage: { prompt_tokens: 7, completion_tokens: n } });
    at.wall.next(
      stream(
        event({ choices: [{ index: 0, delta: { content: 'a' } }], ...counted(1) }),
        event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], ...counted(2) }),
        done,
      ),
    );
    expect((await at.collect()).parts.at(-1)).toMatchObject({ usage: { completionTokens: 2 } });
  });

  /** A connection is free again some ticks after its answer ended, so not every request finds one. */
  const rounds = 10;

  it('keeps connections for later requests', async () => {
    const ports = new Set<number | undefined>();
    at.wall.next((response, request) => {
      ports.add(request.socket.remotePort);
      stream(delta('a'), finish(), usage, done)(response, request, '');
    });
    for (let round = 0; round < rounds; round++) expect((await at.collect()).error).toBeUndefined();
    expect(ports.size).toBeLessThan(rounds);
  });

  it('asks again when a kept connection had been closed meanwhile', async () => {
    const seen = new Set<number | undefined>();
    let killed = 0;
    at.wall.next((response, request) => {
      const { remotePort } = request.socket;
      if (seen.has(remotePort)) return (killed++, request.socket.destroy());
      seen.add(remotePort);
      return stream(delta('a'), finish(), done)(response, request, '');
    });
    for (let round = 0; round < rounds; round++) expect((await at.collect()).text).toBe('a');
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
    at.wall.next(stream(delta('a'), event(chunk), finish(), done));
    const { error, text } = await at.collect();
    expect(text).toBe('a');
    expect(error).toMatchObject({
      code: 'backend_error',
      detail: `an event of its stream has no known shape: ${name}`,
    });
  });

  it('is not one that leaves out what it may, or says null', async () => {
    const nothing = { content: null, refusal: null, reasoning: null, tool_calls: null };
    at.wall.next(
      stream(
        event({ choices: [{ delta: null, finish_reason: null }], usage: null }),
        event({ choices: [{ delta: nothing }], usage: { prompt_tokens: 7, completion_tokens: null } }),
        event({ choices: [{ delta: { tool_calls: [{ function: null }, {}] } }] }),
        finish(),
        done,
      ),
    );
    const { error, parts } = await at.collect();
    expect(error).toBeUndefined();
    expect(parts.at(-1)).toMatchObject({ usage: { promptTokens: 7, completionTokens: 0 } });
  });

  it('says nothing of the usage when its counts are none', async () => {
    const odd = { prompt_tokens: 'many', completion_tokens: -1 };
    at.wall.next(stream(delta('a'), finish(), event({ choices: [], usage: odd }), done));
    expect((await at.collect()).parts.at(-1)).toEqual({
      type: 'end',
      finishReasons: ['stop'],
      usage: undefined,
    });
  });
});

describe('time', () => {
  it('bounds the wait for the head', async () => {
    at.generator = at.connect({ firstByteTimeoutMs: 50 });
    at.wall.next(() => undefined);
    expect((await at.collect()).error).toMatchObject({ code: 'backend_unavailable' });
    await expect.poll(() => at.wall.abandoned).toBe(1);
  });

  it('bounds the wait for the first event, whatever comments come', async () => {
    at.generator = at.connect({ firstByteTimeoutMs: 100 });
    at.wall.next((response) => {
      const pings = setInterval(() => response.write(': ping\n'), 20);
      streamHead(response).on('close', () => clearInterval(pings));
    });
    expect((await at.collect()).error).toMatchObject({ code: 'backend_unavailable' });
  });

  it('bounds the wait between events', async () => {
    at.generator = at.connect({ idleTimeoutMs: 50 });
    at.wall.next((response) => streamHead(response).write(delta('a')));
    const { error, text } = await at.collect();
    expect(text).toBe('a');
    expect(error?.code).toBe('backend_unavailable');
    await expect.poll(() => at.wall.abandoned).toBe(1);
  });

  it('does not blame the back end for a slow reader', async () => {
    at.generator = at.connect({ idleTimeoutMs: 40 });
    at.wall.next(stream(delta('a'), delta('b'), finish(), done));
    const texts: unknown[] = [];
    for await (const part of at.generator.generate(question, new AbortController().signal)) {
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
    at.wall.next(play);
    const running = at.collect(at.generator, controller.signal);
    await expect.poll(() => at.wall.requests.length).toBe(1);
    controller.abort(new MillraceError('cancelled'));
    expect((await running).error?.code).toBe('cancelled');
    await expect.poll(() => at.wall.abandoned).toBe(1);
  });

  it('stopping to read is enough', async () => {
    at.wall.next((response) => streamHead(response).write(delta('a')));
    for await (const part of at.generator.generate(question, new AbortController().signal))
      if (part.type === 'delta') break;
    await expect.poll(() => at.wall.abandoned).toBe(1);
  });

  it('sends nothing when it was gone before', async () => {
    expect(
      (await at.collect(at.generator, AbortSignal.abort(new MillraceError('cancelled')))).error?.code,
    ).toBe('cancelled');
    expect(at.wall.requests).toHaveLength(0);
  });

  it('leaves no listener behind', async () => {
    const { signal } = new AbortController();
    let listening = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...given: Parameters<typeof add>) => (listening++, add(...given));
    signal.removeEventListener = (...given: Parameters<typeof remove>) => (listening--, remove(...given));
    at.wall.next(stream(delta('a'), finish(), done));
    await at.collect(at.generator, signal);
    at.wall.next(stream(delta('cut')));
    await at.collect(at.generator, signal);
    expect(listening).toBe(0);
  });
});

describe('models', () => {
  const list: Play = (response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[{"id":"m1"},{"id":"m2"}]}');

  it('lists the default first', async () => {
    at.wall.next(list);
    expect(await at.connect({ model: 'm2' }).models()).toEqual(['m2', 'm1']);
    expect(await at.generator.healthy()).toBe(true);
  });

  it('takes the first listed when none is set', async () => {
    at.generator = at.connect({ model: undefined });
    at.wall.next((response, request, body) =>
      request.url === '/v1/models'
        ? list(response, request, body)
        : stream(delta('a'), finish(), done)(response, request, body),
    );
    await at.collect();
    expect(JSON.parse(at.wall.requests.at(-1)!.body)).toMatchObject({ model: 'm1' });
  });

  it('does not blame the caller when there is no list', async () => {
    at.generator = at.connect({ model: undefined });
    expect((await at.collect()).error).toMatchObject({ code: 'backend_error', detail: 'it answers 404' });
  });

  it('says so when the list is no list', async () => {
    at.wall.next((response) => response.writeHead(200).end('{}'));
    await expect(at.generator.models()).rejects.toMatchObject({ code: 'backend_error' });
  });
});
