import { embeddingRequest, embeddingResponse, MillraceError } from '@millrace/contracts';
import type { Embedders, EmbedInput, EmbedOptions } from '@millrace/ports';
import { beforeEach, describe, expect, it } from 'vitest';
import { EmbeddingsController } from './embeddings.controller.ts';
import { QueryLane } from './query-lane.ts';
import { QuestionsUnderWay } from './questions-under-way.ts';

const prefixes = { query: '', passage: '' };
const model = { name: 'm', dims: 4, minDims: 2, prefixes, maxTokens: 8, fingerprint: 'f00' };
let asked: { inputs: readonly EmbedInput[]; options: EmbedOptions }[];
beforeEach(() => {
  asked = [];
});

const embedders = {
  get: async (name: string) => {
    if (name !== model.name) throw new MillraceError('model_not_found', { param: 'model' });
    return {
      model,
      countTokens: (texts: readonly string[]) => texts.map(() => 3),
      embed: async (inputs: readonly EmbedInput[], options: EmbedOptions) => {
        asked.push({ inputs, options });
        const vectors = inputs.map(() => Float32Array.of(0.6, 0.8, 0, 0));
        return { model, vectors, tokens: 3, millis: { load: 0, tokenize: 1.234, queue: 2, inference: 3 } };
      },
    };
  },
} as unknown as Embedders;

async function embed(body: object) {
  const reply = await new EmbeddingsController(embedders, new QueryLane(new QuestionsUnderWay())).create({
    body: embeddingRequest.parse({ model: 'm', ...body }),
    principal: { tenant: 'acme' },
  } as never);
  return { body: embeddingResponse.parse(reply.body), headers: reply.options.headers };
}

describe('OpenAI’s embeddings', () => {
  it.each([
    ['a text', 'a', ['a']],
    ['several', ['a', 'b'], ['a', 'b']],
    ['the tokens of one', [5, 6], [[5, 6]]],
    ['the tokens of several', [[5, 6], [7]], [[5, 6], [7]]],
  ])('take %s', async (_what, input, inputs) => {
    const { body } = await embed({ input });
    expect(asked[0]!.inputs).toEqual(inputs);
    expect(body.data.map(({ index }) => index)).toEqual(inputs.map((_, index) => index));
  });

  it('refuse what is none of these', () => {
    for (const input of [undefined, '', [], [[]], ['a', 1], [1, 'a'], [1.5], [-1], [['a']], { a: 1 }])
      expect(embeddingRequest.safeParse({ model: 'm', input }).success, JSON.stringify(input)).toBe(false);
  });

  it('come as numbers, or as the bytes of float32 in base64', async () => {
    const { body: numbers } = await embed({ input: 'a' });
    const { body: base64 } = await embed({ input: 'a', encoding_format: 'base64' });
    const bytes = Buffer.from(base64.data[0]!.embedding as string, 'base64');
    const read = Array.from({ length: 4 }, (_, at) => bytes.readFloatLE(at * 4));
    expect(bytes).toHaveLength(16);
    expect(read).toEqual(numbers.data[0]!.embedding);
  });

  it('take null for what is left out, as clients send it', async () => {
    const nothing = { dimensions: null, encoding_format: null, user: null };
    expect(await embed({ input: 'a', ...nothing })).toEqual(await embed({ input: 'a' }));
  });

  it('come shortened where the model may be, and are refused where not', async () => {
    const { body } = await embed({ input: 'a', dimensions: 2 });
    expect((body.data[0]!.embedding as number[]).map((value) => +value.toFixed(4))).toEqual([0.6, 0.8]);
    await expect(embed({ input: 'a', dimensions: 1 })).rejects.toMatchObject({ param: 'dimensions' });
    expect(asked).toHaveLength(1);
  });

  it('count tokens, and say in headers what the vectors are of and where the time went', async () => {
    const { body, headers } = await embed({ input: 'a', user: 'somebody' });
    expect(body).toMatchObject({ model: 'm', usage: { prompt_tokens: 3, total_tokens: 3 } });
    expect(headers).toEqual({
      'x-millrace-fingerprint': 'f00',
      'x-millrace-load-ms': '0.00',
      'x-millrace-tokenize-ms': '1.23',
      'x-millrace-queue-ms': '2.00',
      'x-millrace-inference-ms': '3.00',
    });
  });

  it('go before bulk work as questions, and beside it as long texts and lists of passages, in turns with the tenant’s documents', async () => {
    await embed({ input: 'a' });
    await embed({ input: ['a', 'b'] });
    await embed({ input: ['a', 'b'], input_type: 'query' });
    await embed({ input: 'mill '.repeat(360) });
    expect(asked.map(({ options: { kind, lane, group } }) => [kind, lane, group])).toEqual([
      ['passage', 'interactive', 'acme/api'],
      ['passage', 'bulk', 'acme/api'],
      ['query', 'interactive', 'acme/api'],
      ['passage', 'bulk', 'acme/api'],
    ]);
  });
});
