import type OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Completion } from '@millrace/contracts';
import type { Client } from './client.ts';
import { Server } from './harness.ts';
import { LanguageModel } from './language-model.ts';

const asked = { model: 'test-model', prompt: 'def add(' };

describe('texts that are continued', () => {
  let model: LanguageModel;
  let server: Server;
  let client: Client;
  let openai: OpenAI;
  beforeAll(async () => {
    model = await LanguageModel.start();
    server = await Server.start({
      env: {
        MILLRACE_LLM_BASE_URL: model.url,
        MILLRACE_LLM_MODEL: 'test-model',
        MILLRACE_LLM_BACK_ENDS: JSON.stringify([
          { name: 'chats-only', base_url: model.url, models: ['chatty'], capabilities: ['tools'] },
        ]),
      },
    });
    client = server.client();
    openai = server.openai();
  });
  afterAll(async () => {
    await server.stop();
    await model.stop();
  });
  beforeEach(() => {
    const plain = { reason: 'stop', cutAfter: undefined, stall: false, refusal: undefined };
    Object.assign(model, { pieces: ['a, ', 'b', '):'], ...plain });
  });

  it('come whole, by the completions of the back end', async () => {
    const { choices, usage, ...rest } = await openai.completions.create({
      ...asked,
      ...{ suffix: 'return a + b', max_tokens: 20, temperature: 0, stop: ['\n'], seed: 7 },
    });
    expect(choices).toEqual([{ index: 0, text: 'a, b):', logprobs: null, finish_reason: 'stop' }]);
    expect(usage).toEqual({ prompt_tokens: 11, completion_tokens: 3, total_tokens: 14 });
    expect((rest as unknown as Completion).millrace).toMatchObject({
      generator: 'model',
      backend: 'default',
    });
    expect(model.texts.at(-1)).toEqual({
      ...{ ...asked, suffix: 'return a + b', max_tokens: 20, temperature: 0, stop: ['\n'], seed: 7 },
      ...{ stream: true, stream_options: { include_usage: true } },
    });
  });

  it('come in pieces, with their end and their usage', async () => {
    const stream = await openai.completions.create({
      ...asked,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    const ends: unknown[] = [];
    let total: number | undefined;
    for await (const { choices, usage } of stream) {
      text += choices[0]?.text ?? '';
      if (choices[0]?.finish_reason) ends.push(choices[0].finish_reason);
      total = usage?.total_tokens;
    }
    expect({ text, ends, total }).toEqual({ text: 'a, b):', ends: ['stop'], total: 14 });
  });

  it('end as they were cut: by the model, or by moderation', async () => {
    model.reason = 'length';
    const cut = await openai.completions.create(asked);
    expect(cut.choices[0]).toMatchObject({ text: 'a, b):', finish_reason: 'length' });
  });

  it('never have a card number, however the model cuts it', async () => {
    Object.assign(model, { reason: 'stop', pieces: ['pay("41', '11 1111', ' 1111 11', '11")'] });
    let text = '';
    for await (const frame of await openai.completions.create({ ...asked, stream: true }))
      text += frame.choices[0]!.text;
    expect(text).toMatch(/^pay\(".+"\)$/);
    expect(text).not.toContain('1111');
  });

  it('break with an error, never as if they were complete', async () => {
    model.cutAfter = 2;
    await expect(openai.completions.create(asked)).rejects.toMatchObject({
      status: 502,
      code: 'backend_error',
    });
    const read = async () => {
      for await (const frame of await openai.completions.create({ ...asked, stream: true })) void frame;
    };
    await expect(read()).rejects.toMatchObject({ code: 'backend_error' });
  });

  it('are stopped when the client goes away', async () => {
    Object.assign(model, { stall: true, pieces: ['Hello'] });
    const before = model.aborted;
    const stream = await openai.completions.create({ ...asked, stream: true });
    for await (const frame of stream) if (frame.choices[0]!.text !== '') break;
    await vi.waitFor(() => expect(model.aborted).toBe(before + 1), { timeout: 5000 });
  });

  it.each([
    ['prompt.0', 'token ids', { prompt: [1, 2] }],
    ['prompt', 'one prompt', { prompt: ['a', 'b'] }],
    ['prompt', 'expected', { prompt: undefined }],
    ['n', 'one completion', { n: 2 }],
    ['echo', 'yourself', { echo: true }],
    ['logprobs', 'moderated', { logprobs: 2 }],
    ['messages', '/v1/chat/completions', { messages: [{ role: 'user', content: 'Hi' }] }],
    ['millrace.retrieval', '/v1/chat/completions', { millrace: { retrieval: true } }],
    ['model', 'completions', { model: 'chatty' }],
  ])('are refused for %s: %s', async (param, said, more) => {
    const answer = await client.request('POST', '/v1/completions', { ...asked, ...more });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { param, message: expect.stringContaining(said) as string } },
    });
  });

  it('are refused in the words of the model, where it complains of the request', async () => {
    model.refusal = 400;
    await expect(openai.completions.create(asked)).rejects.toMatchObject({
      ...{ status: 400, code: 'backend_refused' },
      message: expect.stringContaining('the context is too long') as string,
    });
  });
});

it('a text is continued by a language model, and where there is none it says what to do', async () => {
  const server = await Server.start();
  await expect(server.openai().completions.create(asked)).rejects.toMatchObject({
    ...{ status: 400, code: 'language_model_missing' },
    message: expect.stringContaining('MILLRACE_LLM_BASE_URL') as string,
  });
  await server.stop();
});
