import { sharedData } from '@millrace/testing';
import { createParser } from 'eventsource-parser';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
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

/** What a model says to a question, and how it is asked. */
const questions: readonly {
  readonly about: string;
  readonly pieces?: readonly string[];
  readonly delta?: object;
  readonly ask?: object;
}[] = [
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
    Object.assign(model, { pieces: ['Hello'], delta: undefined, refusal: undefined });
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
    const frames = framesIn(await (await client.open('POST', '/v1/chat/completions', body)).text());
    expect(frames.pop()).toBe('[DONE]');
    expect(frames.length).toBeGreaterThan(2);
    for (const frame of frames)
      expect(openai.faults('CreateChatCompletionStreamResponse', frame), JSON.stringify(frame)).toEqual([]);
  });

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

function framesIn(stream: string): unknown[] {
  const frames: unknown[] = [];
  const parser = createParser({
    onEvent: ({ data }) => void frames.push(data === '[DONE]' ? data : JSON.parse(data)),
  });
  parser.feed(stream);
  return frames;
}
