import { Injectable, Module } from '@nestjs/common';
import {
  calls,
  type CallInput,
  type CallOutput,
  type ChatCompletion,
  type ModerationPolicy,
  type Response as ModelResponse,
} from '@millrace/contracts';
import { bootstrap, HandleCall, Settings } from '@millrace/platform';
import { BACK_ENDS, type GenerationPart, type Generator } from '@millrace/ports';
import { ProvenMillrace, workersDir } from '@millrace/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compose } from './compose.ts';
import { allSettings } from './settings/all-settings.ts';

/** Says who writes, once for each time that it is asked, and waits where it is told to. */
class CountingModel implements Generator {
  readonly name = 'counting';
  asked = 0;
  gate: Promise<void> = Promise.resolve();

  async models(): Promise<string[]> {
    return [this.name];
  }

  async healthy(): Promise<boolean> {
    return true;
  }

  async *generate(): AsyncGenerator<GenerationPart> {
    const time = ++this.asked;
    yield { type: 'start', model: this.name };
    yield says(`Time ${time}: write to `);
    await this.gate;
    yield says('jane@example.org about the mill [1].');
    yield { type: 'end', finishReasons: ['stop'], usage: { promptTokens: 30, completionTokens: 9 } };
  }
}

const says = (content: string): GenerationPart => ({ type: 'delta', choice: 0, delta: { content } });

const text = 'The mill of Aldbury was built by Josiah Crane.';

@Injectable()
class OnePassage {
  @HandleCall(calls.findPassages)
  async find(): Promise<CallOutput<typeof calls.findPassages>> {
    const place = { document_id: 'mill', version: 1, chunk_id: '00000000-0000-4000-8000-000000000000' };
    const passage = { ...place, score: 1, text, start: 0, end: text.length, headings: [], metadata: {} };
    return { results: [passage], model: 'e' };
  }

  @HandleCall(calls.embedTexts)
  async embed({ texts }: CallInput<typeof calls.embedTexts>): Promise<CallOutput<typeof calls.embedTexts>> {
    return { vectors: texts.map(() => [1, 0]), tokens: 1, model: 'e', name: 'e', dims: 2 };
  }
}

@Module({ providers: [OnePassage] })
class OnePassageModule {}

let millrace: ProvenMillrace;
let model: CountingModel;
let questions = 0;
let content: string;

beforeAll(async () => {
  model = new CountingModel();
  const backEnds = {
    name: 'back-ends',
    open: async () => ({ value: [{ name: 'own', generator: model, weight: 1 }] }),
  };
  millrace = await ProvenMillrace.start((environment, own) => {
    const settings = new Settings(allSettings, {
      environment: { ...environment, MILLRACE_CHECK_RESPONSES: 'true' },
      file: {},
    });
    return bootstrap('answer-cache', settings, async (logger) => {
      const services = ['generation', 'control', 'moderation'] as const;
      const dist = new URL('../', workersDir);
      const composed = await compose(
        { services, dist },
        settings,
        logger,
        new Map([...own, [BACK_ENDS, backEnds]]),
      );
      return { ...composed, modules: [...composed.modules, OnePassageModule] };
    });
  });
});
afterAll(() => millrace.stop());
beforeEach(() => {
  content = `Who built the mill, for the time ${++questions}?`;
  model.asked = 0;
  model.gate = Promise.resolve();
});

const post = (path: string, body: object, headers: Record<string, string> = {}, signal?: AbortSignal) =>
  fetch(millrace.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });

const chat = (more: object = {}) => ({ messages: [{ role: 'user', content }], temperature: 0, ...more });

async function ask(more: object = {}, headers: Record<string, string> = {}) {
  const response = await post('/v1/chat/completions', chat(more), headers);
  const body = (await response.json()) as ChatCompletion;
  return { cache: response.headers.get('x-millrace-cache'), body, said: body.choices[0]!.message.content };
}

/** What a stream says. */
const heard = (frames: string): string =>
  [...frames.matchAll(/^data: (\{.*)$/gm)]
    .map(([, data]) => JSON.parse(data!) as { choices: { delta?: { content?: string } }[] })
    .map(({ choices }) => choices[0]?.delta?.content ?? '')
    .join('');

async function setPolicy(policy: ModerationPolicy): Promise<void> {
  const { ok } = await fetch(`${millrace.url}/v1/admin/tenants/default/moderation`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(policy),
  });
  expect(ok).toBe(true);
}

describe('a question that is asked again', () => {
  it.each([undefined, 'millrace-extractive'])(
    'is answered from the cache, by %s, streamed and whole',
    async (name) => {
      const by = name === undefined ? {} : { model: name };
      const first = await ask(by);
      const again = await ask(by);
      const stream = await post('/v1/chat/completions', chat({ ...by, stream: true }));
      expect([first.cache, again.cache, stream.headers.get('x-millrace-cache')]).toEqual([
        'miss',
        'hit',
        'hit',
      ]);
      expect(again.said).toBe(first.said);
      expect(heard(await stream.text())).toBe(first.said);
      expect(again.body.choices[0]!.message.annotations).toEqual(first.body.choices[0]!.message.annotations);
      expect(again.body.millrace).toEqual(first.body.millrace);
      const { prompt_tokens: cached_tokens } = first.body.usage;
      expect(again.body.usage).toEqual({ ...first.body.usage, prompt_tokens_details: { cached_tokens } });
      expect(model.asked).toBe(name === undefined ? 1 : 0);
      const record = millrace.log.answers.get(again.body.id.replace('chatcmpl-', ''))!;
      expect(record).toMatchObject({
        outcome: 'complete',
        cached: { by: 'hit' },
        usage: { completionTokens: 0 },
      });
    },
  );

  it('is answered from the cache as a response, too', async () => {
    const body = {
      input: content,
      temperature: 0,
      tools: [{ type: 'file_search', vector_store_ids: ['documents'] }],
    };
    const told: ModelResponse[] = [];
    for (let n = 0; n < 2; n++)
      told.push((await (await post('/v1/responses', body)).json()) as ModelResponse);
    expect(model.asked).toBe(1);
    expect(told.map(({ usage }) => usage!.input_tokens_details.cached_tokens)).toEqual([0, 30]);
    const saidIn = ({ output }: ModelResponse) =>
      JSON.stringify(output.find(({ type }) => type === 'message'));
    expect(saidIn(told[1]!)).toContain('about the mill [1].');
  });

  it('is asked anew where the request wants it, or names no temperature', async () => {
    expect((await ask()).cache).toBe('miss');
    expect((await ask({}, { 'cache-control': 'no-cache' })).cache).toBe('miss');
    expect((await ask({}, { 'cache-control': 'no-store' })).cache).toBeNull();
    expect((await ask({ temperature: undefined })).cache).toBeNull();
    expect([(await ask()).said?.slice(0, 6), model.asked]).toEqual(['Time 2', 4]);
  });

  it('is asked anew under another policy, and told again when the first one is back', async () => {
    expect((await ask()).said).toContain('jane@example.org');
    await setPolicy({ categories: { 'pii/email': { output: 'redact' } } });
    await expect
      .poll(async () => (await ask()).said, { timeout: 5_000 })
      .toContain('[redacted: e-mail address]');
    await setPolicy({});
    await expect.poll(async () => (await ask()).said, { timeout: 5_000 }).toContain('jane@example.org');
    expect(await ask()).toMatchObject({ cache: 'hit', said: expect.stringMatching(/^Time 1/) as string });
    expect(model.asked).toBe(2);
  });
});

describe('a question that several ask at once', () => {
  it('is answered once, and to the end when the first goes away', async () => {
    const gate = Promise.withResolvers<void>();
    model.gate = gate.promise;
    const leaving = new AbortController();
    const first = await post('/v1/chat/completions', chat({ stream: true }), {}, leaving.signal);
    const second = await post('/v1/chat/completions', chat({ stream: true }));
    expect([first, second].map(({ headers }) => headers.get('x-millrace-cache'))).toEqual(['miss', 'shared']);
    leaving.abort();
    // Sent after it: when it is answered, the server knows.
    await fetch(`${millrace.url}/health/live`);
    gate.resolve();
    expect(heard(await second.text())).toBe('Time 1: write to jane@example.org about the mill [1].');
    expect(model.asked).toBe(1);
    const outcomes = () =>
      [...millrace.log.answers.values()]
        .slice(-2)
        .map(({ outcome }) => outcome)
        .sort();
    await expect.poll(outcomes).toEqual(['cancelled', 'complete']);
    expect((await ask()).cache).toBe('hit');
  });
});
