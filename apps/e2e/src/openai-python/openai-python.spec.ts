import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Server } from '../harness.ts';
import { LanguageModel } from '../language-model.ts';
import { noPythonClient, PythonClient } from './python-client.ts';

const user = (content: string) => [{ role: 'user', content }];
const asked = { model: 'test-model', messages: user('Hi'), extra_body: { millrace: { retrieval: false } } };
const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }];
const toolCall = {
  tool_calls: [
    { index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"in":"Rye"}' } },
  ],
};

describe('the Python client of OpenAI', () => {
  let model: LanguageModel;
  let server: Server;
  let python: PythonClient;
  beforeAll(async () => {
    if (noPythonClient) return;
    model = await LanguageModel.start();
    server = await Server.start({
      env: { MILLRACE_LLM_BASE_URL: model.url, MILLRACE_LLM_MODEL: 'test-model' },
    });
    await server.client().put('mill', { text: 'The Aldbury mill was built in 1791 by Josiah Crane.' });
    await server.client().waitFor('mill', 'indexed');
    python = PythonClient.of(server);
  });
  afterAll(async () => {
    await python?.stop();
    await server?.stop();
    await model?.stop();
  });
  beforeEach(({ skip }) => {
    skip(noPythonClient !== undefined, noPythonClient);
    const plain = { reason: 'stop', cutAfter: undefined, delta: undefined, refusal: undefined };
    Object.assign(model, { pieces: ['Hello', ' there', '.'], ...plain });
  });

  it('reads a chat, whole and as a stream', async () => {
    const told = { text: 'Hello there.', reason: 'stop', tokens: 14 };
    expect(await python.ask('chat', asked)).toMatchObject(told);
    expect(await python.ask('chat_stream', asked)).toMatchObject(told);
  });

  it('reads the citations of an answer from the documents', async () => {
    model.pieces = ['Josiah Crane', ' built it [1]', '.'];
    const answer = await python.ask('chat', { model: 'test-model', messages: user('Who built the mill?') });
    expect(answer).toMatchObject({ text: 'Josiah Crane built it [1].', annotations: ['url_citation'] });
  });

  it('reads the call of a tool, whole and as a stream', async () => {
    Object.assign(model, { pieces: [], delta: toolCall, reason: 'tool_calls' });
    const told = { reason: 'tool_calls', calls: [['weather', '{"in":"Rye"}']] };
    expect(await python.ask('chat', { ...asked, tools })).toMatchObject(told);
    expect(await python.ask('chat_stream', { ...asked, tools })).toMatchObject(told);
  });

  it('reads what is continued', async () => {
    const completed = await python.ask('completion', { model: 'test-model', prompt: 'Say hello: ' });
    expect(completed).toEqual({ text: 'Hello there.', reason: 'stop' });
  });

  it('reads a response, whole and event by event', async () => {
    const question = { model: 'test-model', input: 'Hi' };
    expect(await python.ask('response', question)).toEqual({
      text: 'Hello there.',
      status: 'completed',
      items: ['message'],
    });
    expect(await python.ask('response_stream', question)).toEqual({
      text: 'Hello there.',
      events: ['response.created', 'response.completed'],
      status: 'completed',
    });
  });

  it('reads vectors, packed as it asks for them and as numbers', async () => {
    const vectors = await python.ask('embeddings', {
      model: 'all-minilm-l6-v2',
      input: ['a mill', 'a tide'],
    });
    expect(vectors).toMatchObject({ count: 2, length: 384 });
    expect(vectors['distance']).toBeLessThan(1e-6);
  });

  it('reads what moderation says, and the list of models', async () => {
    expect(await python.ask('moderation', { input: 'a mill' })).toEqual({
      flagged: false,
      harassment: false,
    });
    expect((await python.ask('models'))['names']).toContain('test-model');
  });

  it('raises what was refused, with its code, and an answer that broke off', async () => {
    expect(await python.ask('chat', { ...asked, n: 2 })).toMatchObject({
      ...{ raised: 'BadRequestError', status: 400, param: 'n' },
    });
    expect(await python.ask('embeddings', { model: 'nobody', input: 'a mill' })).toMatchObject({
      ...{ raised: 'NotFoundError', status: 404, code: 'model_not_found' },
    });
    model.cutAfter = 2;
    expect(await python.ask('chat_stream', asked)).toMatchObject({
      raised: 'APIError',
      code: 'backend_error',
    });
    expect(await python.ask('response_stream', { model: 'test-model', input: 'Hi' })).toEqual({
      text: 'Hello there',
      events: ['response.created', 'response.failed'],
      status: 'failed',
    });
  });
});
