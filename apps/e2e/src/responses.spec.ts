import type OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Response } from '@millrace/contracts';
import type { Client } from './client.ts';
import { Server } from './harness.ts';
import { LanguageModel } from './language-model.ts';

const article = 'The Aldbury mill was built in 1791 by Josiah Crane. It grinds spelt on Tuesdays.';
const search = { type: 'file_search' as const, vector_store_ids: ['documents'] };
const weather = {
  ...{ type: 'function' as const, name: 'weather', strict: null },
  parameters: { type: 'object', properties: {} },
};
const call = {
  tool_calls: [
    { index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"in":"Rye"}' } },
  ],
};
const asked = { model: 'test-model', input: 'Who built the mill?' };

describe('responses', () => {
  let model: LanguageModel;
  let server: Server;
  let client: Client;
  let openai: OpenAI;
  beforeAll(async () => {
    model = await LanguageModel.start();
    server = await Server.start({
      env: { MILLRACE_LLM_BASE_URL: model.url, MILLRACE_LLM_MODEL: 'test-model' },
    });
    client = server.client();
    openai = server.openai();
    await client.put('mill', { title: 'Aldbury mill', text: article, metadata: { team: 'ops' } });
    await client.put('tides', { title: 'Tides', text: 'Tides follow the moon.' });
    await client.waitFor('mill', 'indexed');
    await client.waitFor('tides', 'indexed');
  });
  afterAll(async () => {
    await server.stop();
    await model.stop();
  });
  beforeEach(() => {
    const plain = { reason: 'stop', cutAfter: undefined, stall: false, delta: undefined, refusal: undefined };
    Object.assign(model, { pieces: ['Josiah', ' Crane [1', '].'], ...plain });
  });

  it('answer without documents, unless these are asked for', async () => {
    const answer = await openai.responses.create({ ...asked, instructions: 'Be brief.' });
    expect(answer.output_text).toBe('Josiah Crane [1].');
    expect(answer).toMatchObject({ status: 'completed', store: false, output: [{ type: 'message' }] });
    expect(answer.usage).toMatchObject({ input_tokens: 11, output_tokens: 3, total_tokens: 14 });
    expect(model.requests.at(-1)!.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: asked.input },
    ]);
  });

  it('cite the documents that the search found, as files', async () => {
    const answer = await openai.responses.create({
      ...asked,
      tools: [{ ...search, max_num_results: 1, filters: { type: 'eq', key: 'team', value: 'ops' } }],
      include: ['file_search_call.results'],
    });
    const [found, message] = answer.output;
    expect(found).toMatchObject({
      ...{ type: 'file_search_call', status: 'completed', queries: [asked.input] },
      results: [{ file_id: 'mill', filename: 'Aldbury mill', text: article, attributes: { team: 'ops' } }],
    });
    expect(message).toMatchObject({
      content: [
        { annotations: [{ type: 'file_citation', file_id: 'mill', filename: 'Aldbury mill', index: 13 }] },
      ],
    });
    expect(JSON.stringify(model.requests.at(-1)!.messages)).toContain('1791');
  });

  it('find nothing that their filters leave out', async () => {
    const answer = await openai.responses.create({
      ...asked,
      tools: [{ ...search, filters: { type: 'ne', key: 'team', value: 'ops' } }],
      include: ['file_search_call.results'],
    });
    expect(JSON.stringify(answer.output)).not.toContain('1791');
  });

  it('are told event by event, the same as whole', async () => {
    const whole = (await openai.responses.create({ ...asked, tools: [search] })) as unknown as Response;
    const stream = openai.responses.stream({ ...asked, tools: [search] });
    let text = '';
    const types = new Set<string>();
    stream.on('response.output_text.delta', ({ delta }) => (text += delta));
    for await (const { type } of stream) types.add(type);
    const told = (await stream.finalResponse()) as unknown as Response;
    expect(text).toBe('Josiah Crane [1].');
    expect(types).toContain('response.output_text.annotation.added');
    expect(contentOf(told)).toMatchObject(contentOf(whole) as object);
  });

  it('call functions, and go on with what these say', async () => {
    Object.assign(model, { pieces: [], delta: call, reason: 'tool_calls' });
    const first = await openai.responses.stream({ ...asked, tools: [weather] }).finalResponse();
    const [called] = first.output;
    expect(called).toMatchObject({ type: 'function_call', name: 'weather', arguments: '{"in":"Rye"}' });
    if (called?.type !== 'function_call') throw new Error('no call');
    Object.assign(model, { pieces: ['Wet.'], delta: undefined, reason: 'stop' });
    const { call_id } = called;
    const second = await openai.responses.create({
      ...{ model: 'test-model', tools: [weather] },
      input: [
        { role: 'user', content: 'How is it at Rye?' },
        called,
        { type: 'function_call_output', call_id, output: 'rain' },
      ],
    });
    expect(second.output_text).toBe('Wet.');
    expect(model.requests.at(-1)!.messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', tool_calls: [{ id: call_id, function: { name: 'weather' } }] },
      { role: 'tool', tool_call_id: call_id, content: 'rain' },
    ]);
  });

  it('take their own output back', async () => {
    Object.assign(model, { delta: { reasoning_content: 'He asks who.' } });
    const first = await openai.responses.create({ ...asked, tools: [search] });
    expect(first.output.map(({ type }) => type)).toEqual(['file_search_call', 'reasoning', 'message']);
    const input = [
      { role: 'user' as const, content: asked.input },
      ...(first.output as OpenAI.Responses.ResponseInputItem[]),
      { role: 'user' as const, content: 'Thank you.' },
    ];
    await openai.responses.create({ model: 'test-model', input });
    expect(model.requests.at(-1)!.messages).toEqual([
      { role: 'user', content: asked.input },
      { role: 'assistant', content: 'Josiah Crane [1].' },
      { role: 'user', content: 'Thank you.' },
    ]);
  });

  it('are incomplete where they were cut, by a limit or by moderation', async () => {
    model.reason = 'length';
    const cut = await openai.responses.create({ ...asked, max_output_tokens: 16 });
    expect(cut).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    Object.assign(model, { reason: 'content_filter' });
    const blocked = await openai.responses.stream(asked).finalResponse();
    expect(blocked).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'content_filter' } });
  });

  it('never have a card number, in words or in arguments', async () => {
    const number = '4111 1111 1111 1111';
    const [{ function: called, ...rest }] = call.tool_calls as [(typeof call.tool_calls)[0]];
    const tool_calls = [{ ...rest, function: { ...called, arguments: `{"card":"${number}"}` } }];
    Object.assign(model, { pieces: ['Pay with 41', '11 1111 1111', ' 1111 today.'], delta: { tool_calls } });
    const answer = await openai.responses.stream({ ...asked, tools: [weather] }).finalResponse();
    expect(answer.output).toHaveLength(2);
    expect(JSON.stringify(answer)).not.toContain('1111');
  });

  it('fail by their last event where they had begun, and by an error where nothing was told', async () => {
    model.cutAfter = 2;
    await expect(openai.responses.create(asked)).rejects.toMatchObject({
      status: 502,
      code: 'backend_error',
    });
    const all: { type: string; response?: unknown }[] = [];
    for await (const event of await openai.responses.create({ ...asked, stream: true })) all.push(event);
    expect(all.at(-1)).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { code: 'server_error', millrace: { code: 'backend_error' } } },
    });
    expect(all.filter(({ type }) => type === 'response.completed')).toEqual([]);
    model.cutAfter = 0;
    await expect(openai.responses.create({ ...asked, stream: true })).rejects.toMatchObject({
      ...{ status: 502, code: 'backend_error' },
    });
  });

  it('are stopped when the client goes away', async () => {
    model.stall = true;
    const before = model.aborted;
    for await (const { type } of await openai.responses.create({ ...asked, stream: true }))
      if (type === 'response.output_text.delta') break;
    await vi.waitFor(() => expect(model.aborted).toBe(before + 1), { timeout: 5000 });
  });

  it.each([
    ['previous_response_id', 'input', { previous_response_id: 'resp_1' }],
    ['conversation', 'input', { conversation: 'conv_1' }],
    ['background', 'stream', { background: true }],
    ['tools.0.type', 'file_search', { tools: [{ type: 'web_search' }] }],
    ['tools.0.vector_store_ids.0', 'documents', { tools: [{ ...search, vector_store_ids: ['vs'] }] }],
    ['truncation', 'yourself', { truncation: 'auto' }],
    ['include.0', 'file_search_call.results', { include: ['reasoning.encrypted_content'] }],
    ['input.0.type', 'item itself', { input: [{ type: 'item_reference', id: 'msg_1' }] }],
    [
      'input.0.content.0.type',
      'input_text',
      { input: [{ role: 'user', content: [{ type: 'input_file' }] }] },
    ],
    ['seed', 'seed', { seed: 4 }],
    ['text.format', 'language model', { ...json(), model: 'millrace-extractive', tools: [search] }],
  ])('are refused for %s, with what to do', async (param, said, more) => {
    const answer = await client.request('POST', '/v1/responses', { ...asked, ...more });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { param, message: expect.stringContaining(said) as string } },
    });
  });

  it('name each event', async () => {
    const response = await client.open('POST', '/v1/responses', { ...asked, stream: true });
    expect(await response.text()).toMatch(/^event: response\.created\ndata: \{"type":"response\.created"/);
  });
});

function json() {
  return { text: { format: { type: 'json_object' } } };
}

/** All but ids and times. */
const contentOf = ({ id, created_at, completed_at, ...response }: Response) =>
  JSON.parse(
    JSON.stringify({ ...response, output_text: undefined }).replaceAll(
      new RegExp(id.replace('resp_', ''), 'g'),
      '',
    ),
  ) as unknown;

it('responses are extracts of the documents where there is no language model', async () => {
  const server = await Server.start();
  const client = server.client();
  await client.put('mill', { title: 'Aldbury mill', text: article });
  await client.waitFor('mill', 'indexed');
  const answer = await server
    .openai()
    .responses.create({ input: 'Who built the Aldbury mill?', tools: [search] });
  expect(answer.output_text).toContain('Josiah Crane');
  expect(JSON.stringify(answer.output)).toContain('"file_citation"');
  await server.stop();
});
