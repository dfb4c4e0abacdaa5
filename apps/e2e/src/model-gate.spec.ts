import { glob, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ModelPlan } from '@millrace/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withShuffledWeights } from './broken-model.ts';
import type { Client } from './client.ts';
import { modelsDir, root, Server } from './harness.ts';

const timeout = 60_000;
const serving = 'all-minilm-l6-v2';

/** How the model that serves is used. */
const described = {
  tokenizer: 'bert-uncased',
  dims: 384,
  pooling: 'mean',
  precision: 'int8',
  licence: 'Apache-2.0',
};

/** Models of the operator's own, each made of one of the catalogue. */
const own = {
  'as-it-should-be': { of: serving, description: { ...described, maxTokens: 256 } },
  twin: { of: serving, description: described },
  'shuffled-weights': { of: serving, description: described, change: withShuffledWeights },
  'wrong-prefix': {
    of: 'e5-small-v2',
    description: {
      ...described,
      prefixes: {
        query:
          'passage: a recipe for soup with carrots, onions, salt, pepper and a bay leaf, to be cooked slowly for an hour. ',
      },
    },
  },
};

let folder: string;
let server: Server;
let client: Client;
/** The document that says what the name means. */
let naming: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-gate-'));
  await makeModels(folder);
  server = await Server.start({ env: envIn(folder) });
  client = server.client();
  const documents = await sections();
  [naming] = documents.find(([, text]) => text.startsWith('## What the name means'))!;
  for (const [id, text] of documents) await client.put(id, { text, acl: ['group:staff'] });
  await Promise.all(documents.map(([id]) => client.waitFor(id, 'indexed', 60)));
}, timeout);
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const envIn = (folder: string) => ({
  MILLRACE_MODELS_DIR: folder,
  MILLRACE_EMBEDDING_SECOND_MODEL_PERCENT: '100',
});

async function makeModels(folder: string): Promise<void> {
  for (const name of [serving, 'moonshine-tiny', 'silero-vad'])
    await symlink(join(modelsDir, name), join(folder, name));
  for (const [name, { of, description, ...more }] of Object.entries(own)) {
    const weights = await readFile(join(modelsDir, of, 'model.onnx'));
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'model.onnx'), 'change' in more ? more.change(weights) : weights);
    await writeFile(join(folder, name, 'model.json'), JSON.stringify(description));
  }
}

/** What Millrace knows of itself, a document for each section. */
async function sections(): Promise<[id: string, text: string][]> {
  const found: [string, string][] = [];
  for await (const file of glob('apps/standalone/corpus/*.md', { cwd: root }))
    for (const [n, text] of (await readFile(join(root, file), 'utf8')).split(/^(?=## )/m).entries())
      if (text.length > 200) found.push([`${file}/${n}`, text]);
  return found;
}

async function planned(
  method: string,
  path: string,
  body?: unknown,
  by: Client = client,
): Promise<ModelPlan> {
  const { status, body: plan } = await by.request<ModelPlan>(method, `/v1/admin/models${path}`, body);
  expect([200, 202]).toContain(status);
  return plan;
}

/** Prepares a model and lets it be compared. */
async function compared(model: string, judgements?: readonly object[], by = client): Promise<ModelPlan> {
  await planned('POST', '/switch', { to: model, hold: by === client, judgements }, by);
  for (;;) {
    const plan = await planned('GET', '', undefined, by);
    if (plan.next?.phase !== 'filling') return plan;
    await pause(200);
  }
}

describe('a model of the operator’s own', { timeout }, () => {
  it('is told of among the others', async () => {
    const { body } = await client.request<{ data: { id: string }[] }>('GET', '/v1/models');
    expect(body.data.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(own)));
  });

  it('is not prepared when it makes the same vectors under another name', async () => {
    const { status, body } = await client.request('POST', '/v1/admin/models/switch', { to: 'twin' });
    expect([status, body]).toMatchObject([409, { error: { code: 'model_not_ready' } }]);
  });

  it('may serve when it finds as much as the one before', async () => {
    const judgements = [{ query: 'What does the name Millrace mean?', relevant: [naming] }];
    const { next } = await compared('as-it-should-be', judgements);
    expect(next).toMatchObject({ phase: 'ready' });
    const { sentences, judged, ndcg_serving, ndcg_next } = next!.comparison!;
    expect(sentences).toBeGreaterThan(50);
    expect([judged, ndcg_next]).toEqual([1, ndcg_serving]);
    expect(ndcg_next).toBeGreaterThan(0.3);
    await planned('DELETE', '/as-it-should-be');
  });

  it.each(['shuffled-weights', 'wrong-prefix'])('is refused with %s, and nothing changes', async (broken) => {
    const plan = await compared(broken);
    expect(plan).toMatchObject({ serving, next: { model: broken, phase: 'refused' } });
    const anyway = await client.request('POST', '/v1/admin/models/serve', { model: broken });
    expect([anyway.status, anyway.body]).toMatchObject([409, { error: { code: 'model_not_ready' } }]);
    expect(await planned('DELETE', `/${broken}`)).toEqual({ serving });
  });
});

it('a model waits for the word where there is too little to tell what it finds', { timeout }, async () => {
  const other = await Server.start({ env: envIn(folder) });
  try {
    const by = other.client();
    const few = (await sections()).slice(0, 8);
    for (const [id, text] of few) await by.put(id, { text });
    await Promise.all(few.map(([id]) => by.waitFor(id, 'indexed', 60)));
    const next = { model: 'shuffled-weights', phase: 'unproven', why: 'too_little_to_ask' };
    expect(await compared('shuffled-weights', undefined, by)).toMatchObject({ serving, next });
  } finally {
    await other.stop();
  }
});
