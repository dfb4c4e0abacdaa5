import { MillraceError } from '@millrace/contracts';
import {
  answerWith,
  cut,
  delta,
  done,
  event,
  finish,
  pause,
  playOf,
  silence,
  stream,
  usage,
  type Play,
} from '@millrace/testing';
import { describe, expect, it } from 'vitest';
import { AtMockBackEnd, question, secret } from './testing/at-mock-back-end.ts';

const at = new AtMockBackEnd();

describe('a stream as it should be', () => {
  it('gives start, deltas and end with usage', async () => {
    at.backEnd.next(stream(delta('Hel'), delta('lo'), finish(), usage(7, 3), done));
    const { parts } = await at.collect();
    expect(parts).toEqual([
      { type: 'start', model: 'mock-1' },
      { type: 'delta', choice: 0, delta: { content: 'Hel' } },
      { type: 'delta', choice: 0, delta: { content: 'lo' } },
      { type: 'end', finishReasons: ['stop'], usage: { promptTokens: 7, completionTokens: 3 } },
    ]);
  });

  it('asks for usage, streams, and passes parameters on', async () => {
    at.backEnd.next(stream(delta('x'), finish(), done));
    const request = { ...question, parameters: { temperature: 0, stream_options: { extra: 1 } } };
    for await (const part of at.generator.generate(request, new AbortController().signal)) void part;
    expect(JSON.parse(at.backEnd.requests[0]!.body)).toEqual({
      model: 'mock',
      messages: [{ role: 'user', content: 'hi' }],
      temperature: 0,
      stream: true,
      stream_options: { extra: 1, include_usage: true },
    });
    expect(at.backEnd.requests[0]!.authorization).toBe(`Bearer ${secret}`);
  });

  it('passes reasoning, tool calls and refusals', async () => {
    const toolCalls = [{ index: 0, id: 'c1', function: { name: 'f', arguments: '{}' } }];
    at.backEnd.next(
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

  /** A connection is free again some ticks after its answer ended, so not every request finds one. */
  const rounds = 10;

  it('keeps connections for later requests', async () => {
    const ports = new Set<number | undefined>();
    at.backEnd.next((response, request) => {
      ports.add(request.socket.remotePort);
      stream(delta('a'), finish(), usage(7, 3), done)(response, request, '');
    });
    for (let round = 0; round < rounds; round++) expect((await at.collect()).error).toBeUndefined();
    expect(ports.size).toBeLessThan(rounds);
  });

  it('asks again when a kept connection had been closed meanwhile', async () => {
    const seen = new Set<number | undefined>();
    let killed = 0;
    at.backEnd.next((response, request) => {
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
    ['the event', [1]],
    ['the event', '"x"'],
    ['choices', { choices: {} }],
    ['choices', { choices: [null] }],
    ['choices', { choices: Array.from({ length: 129 }, () => ({})) }],
    ['choices.index', { choices: [{ index: 1e9 }] }],
    ['delta', { choices: [{ delta: 'x' }] }],
    ['delta', { choices: [{ message: { content: 'x' } }] }],
    ['delta', { choices: [{ text: 'x' }] }],
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
    at.backEnd.next(stream(delta('a'), event(chunk), finish(), done));
    const { error, text } = await at.collect();
    expect(text).toBe('a');
    expect(error).toMatchObject({
      code: 'backend_error',
      detail: `an event of its stream has no known shape: ${name}`,
    });
  });

  it('is not one that leaves out what it may, or says null', async () => {
    const nothing = { content: null, refusal: null, reasoning: null, tool_calls: null };
    at.backEnd.next(
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
});

describe('a slow reader', () => {
  async function readSlowly(): Promise<string[]> {
    const types: string[] = [];
    for await (const { type } of at.generator.generate(question, new AbortController().signal)) {
      types.push(type);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    return types;
  }

  it('is not what the back end is blamed for', async () => {
    at.generator = at.connect({ idleTimeoutMs: 40 });
    at.backEnd.next(stream(delta('a'), delta('b'), finish(), done));
    expect(await readSlowly()).toEqual(['start', 'delta', 'delta', 'end']);
  });

  it('loses nothing of what came before the connection broke', async () => {
    at.backEnd.next(stream(delta('a'), pause(20), delta('b'), finish(), cut));
    expect(await readSlowly()).toEqual(['start', 'delta', 'delta', 'end']);
  });
});

describe('a caller who goes away', () => {
  const phases: [string, Play][] = [
    ['before the head', silence],
    ['before the first event', stream((response) => response.flushHeaders(), silence)],
    ['while it streams', stream(delta('a'), silence)],
  ];
  it.each(phases)('%s: the back end is told', async (_name, play) => {
    const controller = new AbortController();
    at.backEnd.next(play);
    const running = at.collect(at.generator, controller.signal);
    await expect.poll(() => at.backEnd.requests.length).toBe(1);
    controller.abort(new MillraceError('cancelled'));
    expect((await running).error?.code).toBe('cancelled');
    await expect.poll(() => at.backEnd.abandoned).toBe(1);
  });

  it('stopping to read is enough', async () => {
    at.backEnd.next(stream(delta('a'), silence));
    for await (const part of at.generator.generate(question, new AbortController().signal))
      if (part.type === 'delta') break;
    await expect.poll(() => at.backEnd.abandoned).toBe(1);
  });

  it('sends nothing when it was gone before', async () => {
    expect(
      (await at.collect(at.generator, AbortSignal.abort(new MillraceError('cancelled')))).error?.code,
    ).toBe('cancelled');
    expect(at.backEnd.requests).toHaveLength(0);
  });

  it('leaves no listener behind', async () => {
    const { signal } = new AbortController();
    let listening = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...given: Parameters<typeof add>) => (listening++, add(...given));
    signal.removeEventListener = (...given: Parameters<typeof remove>) => (listening--, remove(...given));
    at.backEnd.next(stream(delta('a'), finish(), done));
    await at.collect(at.generator, signal);
    at.backEnd.next(stream(delta('cut')));
    await at.collect(at.generator, signal);
    expect(listening).toBe(0);
  });
});

describe('models', () => {
  const list = answerWith(200, { data: [{ id: 'm1' }, { id: 'm2' }] });

  it('lists the default first', async () => {
    at.backEnd.next(list);
    expect(await at.connect({ model: 'm2' }).models()).toEqual(['m2', 'm1']);
    expect(await at.generator.healthy()).toBe(true);
  });

  it('takes the first listed when none is set', async () => {
    at.generator = at.connect({ model: undefined });
    const play = stream(delta('a'), finish(), done);
    at.backEnd.next(playOf((path) => (path === '/v1/models' ? list : play)));
    await at.collect();
    expect(JSON.parse(at.backEnd.requests.at(-1)!.body)).toMatchObject({ model: 'm1' });
  });

  it('does not blame the caller when there is no list', async () => {
    at.generator = at.connect({ model: undefined });
    expect((await at.collect()).error).toMatchObject({ code: 'backend_error', detail: 'it answers 404' });
  });

  it('says so when the list is no list', async () => {
    at.backEnd.next(answerWith(200, {}));
    await expect(at.generator.models()).rejects.toMatchObject({ code: 'backend_error' });
  });
});
