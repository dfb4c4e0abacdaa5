import { sharedData } from '@millrace/testing';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CompletionChunk } from '@millrace/contracts';
import type { Client } from './client.ts';
import { framesOf } from './event-frames.ts';
import { Server } from './harness.ts';
import { LanguageModel } from './language-model.ts';
import { OpenAiDescription } from './openai-description.ts';

const path = sharedData('conformance/openai-openapi.json');
const user = (content: string) => ({ role: 'user', content });
const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }];
const toolCall = {
  tool_calls: [
    { index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"in":"Rye"}' } },
  ],
};

/** What a model plays, and how it is asked. */
interface Played {
  readonly about: string;
  readonly ask?: object;
  readonly pieces?: readonly string[];
  readonly delta?: object;
  readonly reason?: string;
  readonly cutAfter?: number;
}

/** What a model says to a question, and how it is asked. */
const questions: readonly Played[] = [
  { about: 'words', pieces: ['Hello', ' there'], ask: { millrace: { retrieval: false } } },
  { about: 'a cited answer', pieces: ['Josiah Crane', ' built it [1]', '.'] },
  { about: 'extracts', ask: { model: 'millrace-extractive' } },
  { about: 'a tier', ask: { service_tier: 'flex', millrace: { retrieval: false } } },
  {
    about: 'reasoning',
    delta: { reasoning_content: 'He asks who.' },
    ask: { millrace: { retrieval: false } },
  },
  {
    about: 'a refusal',
    pieces: [],
    delta: { refusal: 'I will not.' },
    ask: { millrace: { retrieval: false } },
  },
  {
    about: 'a tool call',
    pieces: [],
    delta: toolCall,
    ask: { tools, tool_choice: 'auto', millrace: { retrieval: false } },
  },
  {
    about: 'JSON by a schema',
    pieces: ['{"who":', '"Josiah Crane"}'],
    ask: {
      response_format: { type: 'json_schema', json_schema: { name: 'who', schema: { type: 'object' } } },
      millrace: { retrieval: false },
    },
  },
  { about: 'what is redacted', pieces: ['Pay with 4111 1111', ' 1111 1111.'] },
  { about: 'what is blocked', pieces: ['The key is AKIA', 'IOSFODNN7EXAMPLE.'] },
];

/** Of texts that it is to continue. */
const texts: readonly Played[] = [
  { about: 'a text', pieces: ['a, ', 'b):'], ask: { suffix: 'return a' } },
  { about: 'a text that is cut', pieces: ['a, '], reason: 'length' },
  { about: 'a text that is blocked', pieces: ['# AKIA', 'IOSFODNN7EXAMPLE'] },
];

const search = { tools: [{ type: 'file_search', vector_store_ids: ['documents'] }] };
const weather = {
  ...{ type: 'function', name: 'weather', parameters: { type: 'object' }, strict: true },
};

/** Of responses. */
const responses: readonly Played[] = [
  { about: 'a response', pieces: ['Hello', ' there'], ask: { instructions: 'Be brief.', store: false } },
  { about: 'a response with citations', pieces: ['Josiah Crane [1]', '.'], ask: search },
  {
    about: 'a response with passages',
    ask: { ...search, include: ['file_search_call.results'] },
  },
  { about: 'a response of extracts', ask: { model: 'millrace-extractive', ...search } },
  { about: 'a response that reasons', delta: { reasoning_content: 'He asks who.' } },
  { about: 'a response that refuses', pieces: [], delta: { refusal: 'I will not.' } },
  {
    about: 'a response that calls',
    ...{ pieces: [], delta: toolCall, reason: 'tool_calls' },
    ask: { tools: [weather, search.tools[0]], tool_choice: 'auto', parallel_tool_calls: false },
  },
  {
    about: 'a response in JSON',
    pieces: ['{"who":', '"Josiah Crane"}'],
    ask: { text: { format: { type: 'json_schema', name: 'who', schema: { type: 'object' } } } },
  },
  { about: 'a response that is cut', pieces: ['Josiah'], reason: 'length', ask: { max_output_tokens: 16 } },
  { about: 'a response that is blocked', pieces: ['The key is AKIA', 'IOSFODNN7EXAMPLE.'] },
];

describe.skipIf(!path)('answers are as OpenAI describes them', () => {
  let openai: OpenAiDescription;
  let model: LanguageModel;
  let server: Server;
  let client: Client;
  beforeAll(async () => {
    openai = new OpenAiDescription(path!);
    model = await LanguageModel.start();
    server = await Server.start({
      env: { MILLRACE_LLM_BASE_URL: model.url, MILLRACE_LLM_MODEL: 'test-model' },
    });
    client = server.client();
    await client.put('mill', { title: 'The mill', text: 'The mill was built in 1791 by Josiah Crane.' });
    await client.waitFor('mill', 'indexed');
  });
  afterAll(async () => {
    await server.stop();
    await model.stop();
  });
  beforeEach(() => {
    const plain = { reason: 'stop', cutAfter: undefined, delta: undefined, refusal: undefined };
    Object.assign(model, { pieces: ['Hello'], ...plain });
  });

  const continued = (ask: object = {}) => ({ model: 'test-model', prompt: 'def add(', ...ask });
  const responding = (ask: object = {}) => ({
    ...{ model: 'test-model', input: 'Who built the mill?', metadata: { a: 'b' } },
    ...ask,
  });
  const asked = (ask: object = {}) => ({
    model: 'test-model',
    messages: [user('Who built the mill?')],
    ...ask,
  });

  it('is itself a description that can fail', () => {
    expect(openai.faults('CreateChatCompletionResponse', { choices: [] })).not.toEqual([]);
  });

  it.each(questions)('$about, whole', async ({ pieces = ['Yes.'], delta, ask }) => {
    Object.assign(model, { pieces, delta });
    const { status, body } = await client.request('POST', '/v1/chat/completions', asked(ask));
    expect(status).toBe(200);
    expect(openai.faults('CreateChatCompletionResponse', body)).toEqual([]);
  });

  it.each(questions)('$about, frame by frame', async ({ pieces = ['Yes.'], delta, ask }) => {
    Object.assign(model, { pieces, delta });
    const body = { ...asked(ask), stream: true, stream_options: { include_usage: true } };
    const frames = await framesOf(client, '/v1/chat/completions', body);
    expect(frames.pop()).toBe('[DONE]');
    expect(frames.length).toBeGreaterThan(2);
    for (const frame of frames)
      expect(openai.faults('CreateChatCompletionStreamResponse', frame), JSON.stringify(frame)).toEqual([]);
  });

  it.each(texts)('$about, whole', async ({ ask, ...play }) => {
    Object.assign(model, play);
    const { status, body } = await client.request('POST', '/v1/completions', continued(ask));
    expect(status).toBe(200);
    expect(openai.faults('CreateCompletionResponse', body)).toEqual([]);
  });

  it.each(texts)(
    '$about, frame by frame, but for the finish reason of those before the last, which is null as it is at OpenAI',
    async ({ ask, ...play }) => {
      Object.assign(model, play);
      const body = { ...continued(ask), stream: true, stream_options: { include_usage: true } };
      const frames = (await framesOf(client, '/v1/completions', body)) as CompletionChunk[];
      expect(frames.pop()).toBe('[DONE]');
      expect(frames.length).toBeGreaterThan(1);
      for (const { choices, usage, ...frame } of frames) {
        const told = choices.map((one) => ({ ...one, finish_reason: one.finish_reason ?? 'stop' }));
        const whole = { ...frame, choices: told, ...(usage && { usage }) };
        expect(openai.faults('CreateCompletionResponse', whole), JSON.stringify(frame)).toEqual([]);
      }
    },
  );

  it.each(responses)('$about, whole', async ({ ask, ...play }) => {
    Object.assign(model, play);
    const { status, body } = await client.request('POST', '/v1/responses', responding(ask));
    expect(status).toBe(200);
    expect(openai.faults('Response', body)).toEqual([]);
  });

  it.each([...responses, { about: 'a response that breaks off', pieces: ['Hello', ' there'], cutAfter: 1 }])(
    '$about, event by event',
    async ({ ask, ...play }: (typeof responses)[number]) => {
      Object.assign(model, play);
      const events = await framesOf(client, '/v1/responses', { ...responding(ask), stream: true });
      expect(events.length).toBeGreaterThan(2);
      for (const event of events)
        expect(openai.faults('ResponseStreamEvent', event), JSON.stringify(event)).toEqual([]);
    },
  );

  it('embeddings, as numbers', async () => {
    const { body } = await client.request('POST', '/v1/embeddings', {
      model: 'all-minilm-l6-v2',
      input: ['a', 'b'],
    });
    expect(openai.faults('CreateEmbeddingResponse', body)).toEqual([]);
  });

  it.each(['harmless', 'My card is 4111 1111 1111 1111.'])('moderations of %j', async (input) => {
    const { body } = await client.request('POST', '/v1/moderations', { input });
    expect(openai.faults('CreateModerationResponse', body)).toEqual([]);
  });

  it('the list of models, and one of them', async () => {
    const { body } = await client.request<{ data: { id: string }[] }>('GET', '/v1/models');
    expect(openai.faults('ListModelsResponse', body)).toEqual([]);
    const one = await client.request('GET', `/v1/models/${body.data[0]!.id}`);
    expect(openai.faults('Model', one.body)).toEqual([]);
  });

  it('transcriptions', async () => {
    const recording = readFileSync(
      new URL('../../../libs/adapters/onnx/fixtures/two-sentences.mp3', import.meta.url),
    );
    const form = new FormData();
    form.append('file', new Blob([recording]), 'two-sentences.mp3');
    form.append('model', 'moonshine-tiny');
    const answer = await fetch(`${server.url}/v1/audio/transcriptions`, { method: 'POST', body: form });
    expect(openai.faults('CreateTranscriptionResponseJson', await answer.json())).toEqual([]);
  });

  it.each([
    ['no JSON', 'POST', '/v1/chat/completions', 'nothing'],
    ['a model that there is not', 'POST', '/v1/embeddings', { model: 'none', input: 'a' }],
    ['no messages', 'POST', '/v1/chat/completions', { messages: [] }],
    ['no prompt', 'POST', '/v1/completions', {}],
    ['several prompts', 'POST', '/v1/completions', { prompt: ['a', 'b'] }],
    ['what is not stored', 'POST', '/v1/responses', { input: 'Hi', previous_response_id: 'resp_1' }],
    ['another tool', 'POST', '/v1/responses', { input: 'Hi', tools: [{ type: 'web_search' }] }],
    ['a route that there is not', 'POST', '/v1/nothing', {}],
  ] as const)('errors: %s', async (_, method, route, request) => {
    const { status, body } = await client.request(method, route, request);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(openai.faults('ErrorResponse', body)).toEqual([]);
  });

  it('errors: a back end that refuses', async () => {
    model.refusal = 400;
    const { status, body } = await client.request('POST', '/v1/chat/completions', asked());
    expect(status).toBe(400);
    expect(openai.faults('ErrorResponse', body)).toEqual([]);
  });
});
