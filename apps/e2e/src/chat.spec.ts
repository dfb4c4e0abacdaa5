import type OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatCompletion, ChatCompletionChunk, Citation } from '@millrace/contracts';
import type { Client } from './client.ts';
import { Server } from './harness.ts';
import { LanguageModel } from './language-model.ts';

const article =
  'The Aldbury mill was built in 1791 by Josiah Crane. It grinds spelt on Tuesdays. ' +
  'Its wheel has twelve oak paddles and was replaced after the flood of 1903.';

async function seeded(
  env: Record<string, string>,
): Promise<{ server: Server; client: Client; openai: OpenAI }> {
  const server = await Server.start({ env });
  const client = server.client();
  await client.put('mill', { title: 'Aldbury mill', text: article });
  await client.put('tides', { title: 'Tides', text: 'Tides follow the moon. Spring tides are the highest.' });
  await client.waitFor('mill', 'indexed');
  await client.waitFor('tides', 'indexed');
  return {
    server,
    client,
    openai: server.openai(),
  };
}

const question = (content: string) => [{ role: 'user' as const, content }];
const hello = { messages: question('Hi'), stream: true };

describe('without a language model', () => {
  let server: Server;
  let openai: OpenAI;
  beforeAll(async () => {
    ({ server, openai } = await seeded({}));
  });
  afterAll(() => server.stop());

  it('answers with cited extracts, and says so', async () => {
    const answer = (await openai.chat.completions.create({
      model: 'millrace-extractive',
      messages: question('Who built the Aldbury mill?'),
    })) as unknown as ChatCompletion;
    const [choice] = answer.choices;
    expect(choice!.message.content).toContain('Josiah Crane');
    expect(choice!.finish_reason).toBe('stop');
    expect(answer.millrace.generator).toBe('extractive');
    const [citation] = choice!.message.annotations;
    expect(citation).toMatchObject({ type: 'url_citation', document_id: 'mill', version: 1 });
    expect(article.slice(citation!.start, citation!.end)).toContain('Josiah Crane');
  });

  it('streams the same answer, with citations before the end', async () => {
    const stream = await openai.chat.completions.create({
      model: 'millrace-extractive',
      messages: question('Who built the Aldbury mill?'),
      stream: true,
      stream_options: { include_usage: true },
    });
    const frames: ChatCompletionChunk[] = [];
    for await (const frame of stream) frames.push(frame as unknown as ChatCompletionChunk);
    const text = frames.map((frame) => frame.choices[0]?.delta.content ?? '').join('');
    expect(text).toContain('Josiah Crane');
    const annotations = frames.flatMap((frame) => frame.choices[0]?.delta.annotations ?? []);
    expect(annotations.map(({ document_id }: Citation) => document_id)).toContain('mill');
    expect(frames.filter((frame) => frame.choices[0]?.finish_reason === 'stop')).toHaveLength(1);
    expect(frames.at(-1)?.usage?.total_tokens).toBeGreaterThan(0);
  });

  it('knows from the questions before what a question is about', async () => {
    const answer = await openai.chat.completions.create({
      model: 'millrace-extractive',
      messages: [
        ...question('Who built the Aldbury mill?'),
        { role: 'assistant', content: 'Josiah Crane [1].' },
        ...question('And what happened to its wheel?'),
      ],
    });
    expect(answer.choices[0]!.message.content).toContain('the flood of 1903');
  });

  it('says plainly that it found nothing, and cites nothing', async () => {
    const empty = await Server.start();
    const { body } = await empty.client().request<ChatCompletion>('POST', '/v1/chat/completions', {
      messages: question('What is the capital of Mars?'),
    });
    expect(body.choices[0]!.message.annotations).toEqual([]);
    expect(body.choices[0]!.message.content).toBe('I could not find this in the documents.');
    expect(body.millrace).toMatchObject({ generator: 'none', support: 0, unanswered: 'weak_retrieval' });
    await empty.stop();
  });
});

describe('with a language model behind it', () => {
  let model: LanguageModel;
  let server: Server;
  let client: Client;
  let openai: OpenAI;
  beforeAll(async () => {
    model = await LanguageModel.start();
    ({ server, client, openai } = await seeded({
      MILLRACE_LLM_BASE_URL: model.url,
      MILLRACE_LLM_MODEL: 'test-model',
      MILLRACE_GENERATION_HISTORY_TOKENS: '1000',
    }));
  });
  afterAll(async () => {
    await server.stop();
    await model.stop();
  });
  beforeEach(() => {
    const plain = { cutAfter: undefined, stall: false, delta: undefined, refusal: undefined };
    Object.assign(model, { pieces: ['Hello', ' there', '.'], ...plain });
  });

  /** The citations of the answer. */
  async function ask(content: string, name = 'test-model', stream = false): Promise<Citation[]> {
    const asked = { model: name, messages: question(content) };
    if (!stream) {
      const answer = (await openai.chat.completions.create(asked)) as unknown as ChatCompletion;
      return answer.choices[0]!.message.annotations;
    }
    const cited: Citation[] = [];
    for await (const frame of await openai.chat.completions.create({ ...asked, stream }))
      cited.push(...((frame as unknown as ChatCompletionChunk).choices[0]?.delta.annotations ?? []));
    return cited;
  }

  it('gives it the passages and passes on its answer with the citations it makes', async () => {
    model.pieces = ['Josiah', ' Crane', ' built it [1', '].'];
    const answer = (await openai.chat.completions.create({
      model: 'test-model',
      messages: question('Who built the mill?'),
    })) as unknown as ChatCompletion;
    expect(JSON.stringify(model.requests.at(-1)!.messages)).toContain('Josiah Crane');
    expect(answer.choices[0]!.message.content).toBe('Josiah Crane built it [1].');
    expect(answer.choices[0]!.message.annotations[0]).toMatchObject({ index: 1, document_id: 'mill' });
    expect(answer.usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 3 });
    expect(answer.millrace.generator).toBe('model');
    expect(answer.choices[0]!.message.annotations[0]).toMatchObject({ supported: true });
    expect(answer.millrace.groundedness?.citations).toEqual({ count: 1, supported: 1, removed: 0 });
  });

  it('tells it what the tenant wants said, from two seconds after that is set', async () => {
    const prompt = '/v1/admin/tenants/default/prompt';
    await client.request('PUT', prompt, { instructions: 'Answer in verse.' });
    const told = async () => {
      await ask('Who built the mill?');
      return String(model.requests.at(-1)!.messages[0]!.content);
    };
    await vi.waitFor(async () => expect(await told()).toMatch(/^Answer in verse\./), { timeout: 10_000 });
    await client.request('PUT', prompt, {});
    const { body } = await client.request<{ versions: object[] }>('GET', prompt);
    expect(body).toMatchObject({
      prompt: {},
      versions: [{ prompt: {} }, { prompt: { instructions: 'Answer in verse.' } }],
    });
  });

  it('has it put a question in full that leans on those before, and looks that up', async () => {
    model.pieces = ['Who built the ', 'Aldbury mill?'];
    const messages = [
      ...question('What is at Aldbury?'),
      { role: 'assistant' as const, content: 'A mill.' },
      ...question('Who built it?'),
    ];
    await openai.chat.completions.create({ model: 'test-model', messages });
    const [asked, answered] = model.requests.slice(-2);
    expect(asked!.messages).toHaveLength(1);
    expect(asked!.messages[0]!.content).toContain('user: Who built it?');
    expect(answered!.messages).toHaveLength(3);
    expect(answered!.messages[2]!.content).toContain('Josiah Crane');
  });

  it('has it summarise the beginning of a long conversation, once for the turns that follow', async () => {
    model.pieces = ['They spoke of spelt.'];
    const turn = [...question('q'.repeat(300)), { role: 'assistant' as const, content: 'a'.repeat(300) }];
    const ask = async (turns: number) => {
      const messages = [...Array<typeof turn>(turns).fill(turn).flat(), ...question('Who built the mill?')];
      const answer = await openai.chat.completions.create({ model: 'test-model', messages });
      return (answer as unknown as ChatCompletion).millrace.history;
    };
    const before = model.requests.length;
    expect(await ask(7)).toEqual({ kept: 6, summarised: 8, left_out: 0 });
    expect(await ask(8)).toEqual({ kept: 8, summarised: 8, left_out: 0 });
    const [summarising, ...answered] = model.requests.slice(before);
    expect(summarising!.messages).toHaveLength(1);
    expect(answered.map(({ messages }) => messages.length)).toEqual([7, 9]);
    expect(answered[1]!.messages[0]!.content).toContain('They spoke of spelt.');
    expect(answered[1]!.messages.at(-1)!.content).toContain('Josiah Crane');
  });

  it('does not make an annotation of a citation that names no source', async () => {
    model.pieces = ['As everybody knows [99].'];
    const answer = (await openai.chat.completions.create({
      model: 'test-model',
      messages: question('Who built the mill?'),
    })) as unknown as ChatCompletion;
    expect(answer.choices[0]!.message.annotations).toEqual([]);
  });

  it('cites exactly what stands in the document between start and end', async () => {
    const text = Array.from({ length: 120 }, (_, n) => `The quarry of Brill sold load ${n} of grey stone.`);
    const content = text.join(' ');
    await client.put('quarry', { text: content });
    await client.waitFor('quarry', 'indexed');
    model.pieces = ['So [1][2][3][4][5][6][7][8].'];
    const said = await ask('What did the quarry of Brill sell?');
    const cited = said.filter(({ document_id }) => document_id === 'quarry');
    expect(cited.length).toBeGreaterThan(1);
    for (const { text, start, end } of cited) expect(text).toBe(content.slice(start, end));
  });

  it.each(['test-model', 'millrace-extractive'])(
    'lets no card number out with the citations of %s, whole or streamed',
    async (name) => {
      const content = 'The ferry office of Wexcombe pays with the card 4111 1111 1111 1111 every day.';
      await client.put('ferry', { title: 'Card 4111 1111 1111 1111', text: content });
      await client.waitFor('ferry', 'indexed');
      model.pieces = ['So [1].'];
      const asked = 'How does the ferry office of Wexcombe pay?';
      for (const stream of [false, true]) {
        const cited = (await ask(asked, name, stream)).find(({ document_id }) => document_id === 'ferry')!;
        expect(cited.text).toContain('[redacted');
        expect(JSON.stringify(cited)).not.toContain('1111');
        expect(content.slice(cited.start, cited.end)).toContain('4111 1111 1111 1111');
      }
    },
  );

  it('drops made-up citations when nothing was found', async () => {
    model.pieces = ['Yes [1] no [2, 99].'];
    const { body } = await client.request<ChatCompletion>('POST', '/v1/chat/completions', {
      messages: question('Hi'),
      millrace: { retrieval: { filter: { team: 'nobody' } } },
    });
    expect(body.choices[0]!.message.content).toBe('Yes no.');
  });

  it('answers a hostile tool call with an error, and goes on serving', async () => {
    const call = (index: number) => ({ index, id: 'a', function: { name: 'f', arguments: '{}' } });
    model.delta = { tool_calls: [call(4_000_000_000), call(-1)] };
    const answer = await client.request('POST', '/v1/chat/completions', { messages: question('Hi') });
    expect(answer).toMatchObject({ status: 502, body: { error: { code: 'backend_error' } } });
    expect(await client.request('GET', '/health/ready')).toMatchObject({ status: 200 });
  });

  it('says what the model refuses, and that asking again does not help', async () => {
    model.refusal = 400;
    const answer = await client.request('POST', '/v1/chat/completions', { messages: question('Hi') });
    expect(answer).toMatchObject({
      status: 400,
      body: {
        error: {
          code: 'backend_refused',
          message: expect.stringContaining('the context is too long') as string,
        },
      },
    });
  });

  it('leaves the documents out when asked to', async () => {
    await client.request('POST', '/v1/chat/completions', {
      messages: question('Hi'),
      millrace: { retrieval: false },
    });
    expect(model.requests.at(-1)!.messages).toEqual(question('Hi'));
  });

  it('counts what its answers used, once each, and not what others used', async () => {
    const used = async () => {
      const { body } = await client.request<{ data: { answers: number; completion_tokens: number }[] }>(
        'GET',
        '/v1/admin/usage',
      );
      const rows = body.data.filter((row) => 'backend' in row && row.backend === 'default');
      return {
        answers: rows.reduce((sum, row) => sum + row.answers, 0),
        tokens: rows.reduce((sum, row) => sum + row.completion_tokens, 0),
      };
    };
    const before = await used();
    for (let n = 0; n < 3; n++) await client.request('POST', '/v1/chat/completions', hello);
    await expect
      .poll(async () => (await used()).answers, { timeout: 10_000 })
      .toBeGreaterThanOrEqual(before.answers + 3);
    expect((await used()).tokens).toBeGreaterThan(before.tokens);
  });

  it('never lets a card number out, however the model cuts it', async () => {
    model.pieces = ['Pay with 41', '11 1111', ' 1111 11', '11 today.'];
    const stream = await openai.chat.completions.create({
      model: 'test-model',
      messages: question('How?'),
      stream: true,
    });
    let text = '';
    for await (const frame of stream) text += frame.choices[0]?.delta.content ?? '';
    expect(text.replaceAll(/\D/g, '')).not.toContain('4111');
    expect(text).toMatch(/^Pay with .+ today\.$/);
  });

  it('ends a broken answer with an error, never as if it were complete', async () => {
    model.cutAfter = 2;
    const response = await client.open('POST', '/v1/chat/completions', hello);
    const text = await response.text();
    expect(text).not.toContain('[DONE]');
    expect(text).toContain('"code":"backend_error"');
  });

  it('tells the model to stop when the client goes away', async () => {
    model.stall = true;
    const before = model.aborted;
    const leaving = new AbortController();
    const response = await client.open('POST', '/v1/chat/completions', hello, {}, leaving.signal);
    await response.body!.getReader().read();
    leaving.abort();
    await vi.waitFor(() => expect(model.aborted).toBe(before + 1), { timeout: 5000 });
  });
});

describe('with a language model that is not there', () => {
  it('says so, with what to check', async () => {
    const server = await Server.start({ env: { MILLRACE_LLM_BASE_URL: 'http://127.0.0.1:9/v1' } });
    const answer = await server.client().request('POST', '/v1/chat/completions', {
      messages: question('Hi'),
    });
    expect(answer).toMatchObject({ status: 502, body: { error: { code: 'backend_unavailable' } } });
    await server.stop();
  });
});
