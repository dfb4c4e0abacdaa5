import type { Embedders, EmbedOptions } from '@millrace/ports';
import { expect, it } from 'vitest';
import type { CachedEmbedder, CachedOptions } from './cached-embedder.ts';
import type { ServingModel } from './serving-model.ts';
import { TextEmbedder } from './text-embedder.ts';

const described = (name: string) => ({
  name,
  dims: 1,
  minDims: 1,
  maxTokens: 8,
  fingerprint: `${name}-print`,
});
const context = { signal: new AbortController().signal, headers: {} };

/** Two models, of which `a` is the default, behind a cache that knows nothing. */
function textEmbedder() {
  const embedder = (name: string) => ({ model: described(name) });
  const state = (name: string, isDefault: boolean) => ({ ...embedder(name), isDefault, loaded: isDefault });
  const embedders = {
    default: embedder('a'),
    get: async (name: string) => embedder(name),
    list: async () => [state('a', true), state('b', false)],
  } as unknown as Embedders;
  const serving = {
    get: async () => embedder('a'),
    indexes: async () => ['a', 'b'].map((name) => ({ ...described(name), model: `${name}-print` })),
    collectionOf: async () => undefined,
  } as unknown as ServingModel;
  const asked: EmbedOptions[] = [];
  const cached = {
    embed: async (texts: readonly string[], { model = 'a', ...options }: CachedOptions) => {
      asked.push(options);
      return { model: described(model), vectors: texts.map(() => Float32Array.of(1)), tokens: 2 };
    },
  } as unknown as CachedEmbedder;
  return { service: new TextEmbedder(cached, embedders, serving), asked };
}

it('embeds by the default model or by the one that is named, and always says what the vectors are of', async () => {
  const { service, asked } = textEmbedder();
  const input = { texts: ['x'], kind: 'passage' as const, lane: 'bulk' as const };
  expect(await service.embed(input, context)).toMatchObject({ model: 'a-print', name: 'a', vectors: [[1]] });
  expect(await service.embed({ ...input, model: 'b' }, context)).toMatchObject({
    model: 'b-print',
    name: 'b',
  });
  expect(asked[1]).toMatchObject({ kind: 'passage', lane: 'bulk', truncate: true });
});

it('describes either, and lists them with which is in memory', async () => {
  const { service } = textEmbedder();
  expect(await service.describe({})).toEqual({ model: 'a-print', name: 'a', dims: 1, maxTokens: 8 });
  expect(await service.describe({ model: 'b' })).toMatchObject({ model: 'b-print', name: 'b' });
  expect((await service.active({})).models.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(await service.list()).toEqual({
    models: [
      { name: 'a', dims: 1, maxTokens: 8, default: true, loaded: true },
      { name: 'b', dims: 1, maxTokens: 8, default: false, loaded: false },
    ],
  });
});
