import { calls, MillraceError } from '@millrace/contracts';
import type { Caller, Logger } from '@millrace/platform';
import type { BackEnd } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { extractiveModel } from '../extracts/extractive-answerer.ts';
import { ModelList } from './model-list.ts';
import { Traffic } from '../traffic/traffic.ts';

const embedding = { name: 'e', dims: 384, maxTokens: 512, default: true, loaded: false };
const away = () => Promise.reject(new MillraceError('dependency_unavailable'));

function list(chat: () => Promise<string[]>, embeddings: () => Promise<unknown>) {
  const warned: string[] = [];
  const caller = {
    call: async (spec: unknown) => (spec === calls.listEmbeddingModels ? embeddings() : away()),
  };
  const logger = { warn: (_: unknown, text: string) => void warned.push(text) };
  const played = logger as unknown as Logger;
  const backEnd = { name: 'b', weight: 1, generator: { models: chat } } as unknown as BackEnd;
  const models = new ModelList(
    new Traffic([backEnd], played, { hedgePercent: 0 }),
    caller as unknown as Caller,
    played,
  );
  return { models: () => models.all(new AbortController().signal), warned };
}

describe('ModelList', () => {
  it('has those that answer first, then those that embed, and says what each is for', async () => {
    const { models } = list(
      async () => ['m'],
      async () => ({ models: [embedding] }),
    );
    expect(await models()).toEqual([
      { id: 'm', object: 'model', created: 0, owned_by: 'millrace', millrace: { task: 'chat' } },
      expect.objectContaining({ id: extractiveModel, millrace: { task: 'chat' } }),
      expect.objectContaining({
        id: 'e',
        millrace: { task: 'embedding', dims: 384, max_tokens: 512, default: true, loaded: false },
      }),
    ]);
  });

  it('lacks the models of who is away, and no others', async () => {
    const { models, warned } = list(away, away);
    expect((await models()).map(({ id }) => id)).toEqual([extractiveModel]);
    expect(warned).toHaveLength(2);
  });
});
