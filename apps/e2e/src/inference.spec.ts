import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type OpenAI from 'openai';
import { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { modelsDir, Server } from './harness.ts';

const fixtures = new URL('../../../libs/adapters/onnx/fixtures/', import.meta.url);
const recording = readFileSync(new URL('two-sentences.mp3', fixtures));
const model = 'all-minilm-l6-v2';
const others = ['bge-small-en-v1.5', 'e5-small-v2'];
const absent = others.filter((name) => !existsSync(join(modelsDir, name, 'model.onnx')));

let server: Server;
let client: Client;
let openai: OpenAI;
beforeAll(async () => {
  server = await Server.start();
  client = server.client();
  openai = server.openai();
});
afterAll(() => server.stop());

const cosine = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, at) => sum + value * b[at]!, 0);

describe('models, as OpenAI’s client asks for them', () => {
  it('are listed, and found again by name', async () => {
    const { data } = await openai.models.list();
    for (const each of data.filter(({ id }) => !others.includes(id)))
      expect(await openai.models.retrieve(each.id)).toEqual(each);
    expect(data).toContainEqual(
      expect.objectContaining({
        id: model,
        millrace: { task: 'embedding', dims: 384, max_tokens: 512, default: true, loaded: true },
      }),
    );
  });
});

describe('embeddings, as OpenAI’s client asks for them', () => {
  it('gives one unit vector a text, near for what means the same', async () => {
    const input = [
      'The mill wheel turns.',
      'Water drives the wheel of the mill.',
      'Invoices are due in May.',
    ];
    const { data, usage } = await openai.embeddings.create({ model, input, encoding_format: 'float' });
    const [turns, drives, invoices] = data.map(({ embedding }) => embedding);
    expect(data.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(cosine(turns!, turns!)).toBeCloseTo(1, 5);
    expect(cosine(turns!, drives!)).toBeGreaterThan(cosine(turns!, invoices!) + 0.3);
    expect(usage.total_tokens).toBe(usage.prompt_tokens);
  });

  it('gives the same as base64 and as numbers', async () => {
    const text = { model, input: 'The mill wheel turns.' };
    const numbers = await openai.embeddings.create({ ...text, encoding_format: 'float' });
    const base64 = await openai.embeddings.create(text); // the client's default, decoded by it
    expect(base64.data[0]!.embedding).toEqual(numbers.data[0]!.embedding.map(Math.fround));
  });

  it('takes token ids of one text or of several, and gives what the text gets', async () => {
    const mill = 4971; // in the vocabulary that the models share
    const embed = async (input: string | number[] | number[][]) => openai.embeddings.create({ model, input });
    const [text, one, several] = await Promise.all([
      embed('mill'),
      embed([mill]),
      embed([[mill], [mill, mill]]),
    ]);
    expect(one).toEqual(text);
    expect(several.data[0]!.embedding).toEqual(text.data[0]!.embedding);
    expect(several.usage).toEqual({ prompt_tokens: 7, total_tokens: 7 });
    await expect(embed([30_522])).rejects.toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it('takes the dimensions that the model has, and no other number of them', async () => {
    const embed = (dimensions: number) => openai.embeddings.create({ model, input: 'a', dimensions });
    expect((await embed(384)).data[0]!.embedding).toHaveLength(384);
    await expect(embed(256)).rejects.toMatchObject({
      ...{ status: 400, code: 'unsupported_parameter', param: 'dimensions' },
    });
  });

  it('names the models there are to who asks for another', async () => {
    await expect(
      openai.embeddings.create({ model: 'text-embedding-3-small', input: 'a' }),
    ).rejects.toMatchObject({
      ...{
        status: 404,
        code: 'model_not_found',
        param: 'model',
        message: expect.stringContaining(model) as string,
      },
    });
  });

  it('embeds by other models that are there, each loaded by its first request', async (context) => {
    context.skip(absent.length > 0, `not there: npm run millrace -- models pull ${absent.join(' ')}`);
    const input = [
      'The mill wheel turns.',
      'Water drives the wheel of the mill.',
      'Invoices are due in May.',
    ];
    const spaces = await Promise.all(
      [model, ...others].map(async (name) => {
        const { data, response } = await openai.embeddings.create({ model: name, input }).withResponse();
        const [turns, drives, invoices] = data.data.map(({ embedding }) => embedding);
        expect(data.model).toBe(name);
        expect(cosine(turns!, drives!)).toBeGreaterThan(cosine(turns!, invoices!));
        return response.headers.get('x-millrace-fingerprint');
      }),
    );
    expect(new Set(spaces).size).toBe(3);
    for (const name of others)
      expect(await openai.models.retrieve(name)).toMatchObject({
        millrace: { default: false, loaded: true },
      });
    expect(await metric(server, 'millrace_embedder_loads_total', others[0]!)).toBe(1);
  });
});

/** Over all processes. */
async function metric(of: Server, name: string, model: string): Promise<number> {
  const texts = await Promise.all(
    (await of.processes()).map(async (url) => (await fetch(`${url}/metrics`)).text()),
  );
  const line = new RegExp(`^${name}\\{[^}]*model="${model}"[^}]*\\} (\\S+)`, 'm');
  return texts.reduce((sum, text) => sum + Number(line.exec(text)?.[1] ?? 0), 0);
}

describe('moderations, as OpenAI’s client asks for them', () => {
  const threat = 'I will kill you.';

  it('judges texts one by one, and the text parts of one input together', async () => {
    const apart = await openai.moderations.create({ input: ['Good morning.', threat] });
    expect(apart.results.map(({ flagged }) => flagged)).toEqual([false, true]);
    const parts = ['Good morning.', threat].map((text) => ({ type: 'text' as const, text }));
    const together = await openai.moderations.create({ input: parts });
    expect(together.results.map(({ flagged }) => flagged)).toEqual([true]);
  });

  it('does not pass over a picture', async () => {
    const picture = { type: 'image_url' as const, image_url: { url: 'data:,' } };
    const input = [{ type: 'text' as const, text: threat }, picture];
    await expect(openai.moderations.create({ input })).rejects.toMatchObject({
      ...{ status: 400, code: 'unsupported_parameter', param: 'input.1' },
    });
  });
});

describe('transcriptions, as OpenAI’s client asks for them', () => {
  const transcribe = async (form: Record<string, string> = {}) => {
    const body = new FormData();
    body.set('file', new Blob([recording]), 'two-sentences.mp3');
    for (const [name, value] of Object.entries(form)) body.set(name, value);
    return client.request<string>('POST', '/v1/audio/transcriptions', body);
  };

  it('writes down a recording', async () => {
    const file = await toFile(recording, 'two-sentences.mp3');
    const { text } = await openai.audio.transcriptions.create({ file, model: 'whisper-1' });
    expect(text).toMatch(/block books.*immediate predecessors.*never been surpassed/i);
  });

  it('says when each sentence was spoken', async () => {
    const file = await toFile(recording, 'two-sentences.mp3');
    const verbose = await openai.audio.transcriptions.create({
      file,
      model: 'whisper-1',
      response_format: 'verbose_json',
      timestamp_granularities: ['segment'],
    });
    expect(verbose.duration).toBeCloseTo(8.4, 0);
    expect(verbose.segments).toHaveLength(2);
    expect(verbose.segments![1]!.start).toBeGreaterThan(verbose.segments![0]!.end - 0.01);
  });

  it('does not give times of segments to who asked for those of words, too', async () => {
    const file = await toFile(recording, 'two-sentences.mp3');
    await expect(
      openai.audio.transcriptions.create({
        ...{ file, model: 'whisper-1', response_format: 'verbose_json' },
        timestamp_granularities: ['word', 'segment'],
      }),
    ).rejects.toMatchObject({ code: 'unsupported_parameter', param: 'timestamp_granularities[]' });
  });

  it.each([
    ['text', 'text/plain', /surpassed/],
    ['srt', 'application/x-subrip', /^1\n00:00:0\d,\d{3} --> 00:00:0\d,\d{3}\n.*\n\n2\n/],
    ['vtt', 'text/vtt', /^WEBVTT\n\n00:00:0\d\.\d{3} --> /],
  ])('answers as %s', async (format, type, content) => {
    const { status, headers, body } = await transcribe({ response_format: format });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain(type);
    expect(body).toMatch(content);
  });

  it.each([
    [{ model: 'whisper-9' }, 404, 'model_not_found'],
    [{ language: 'de' }, 400, 'unsupported_parameter'],
    [{ response_format: 'docx' }, 400, 'invalid_request'],
    [{ 'timestamp_granularities[]': 'segment' }, 400, 'invalid_request'],
  ])('refuses %o', async (form, status, code) => {
    expect(await transcribe(form)).toMatchObject({ status, body: { error: { code } } });
  });
});
