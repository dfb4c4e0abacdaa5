import type { ChatCompletion, ErasureReceipt } from '@millrace/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from './client.ts';
import { Server } from './harness.ts';
import { LanguageModel } from './language-model.ts';

let server: Server;
let model: LanguageModel;
let ann: Client;
let bob: Client;

beforeAll(async () => {
  model = await LanguageModel.start();
  const env = {
    MILLRACE_ADMIN_KEY: 'an-admin-key-for-tests',
    MILLRACE_LLM_BASE_URL: model.url,
    // Who finds nothing is answered by the model, too.
    MILLRACE_GENERATION_LEAST_SUPPORT: '0',
  };
  server = await Server.start({ env });
  const keyOf = async (name: string): Promise<Client> => {
    const asked = { tenant: 'default', name, rights: ['read', 'write'] };
    const { body } = await server.client().request<{ key: string }>('POST', '/v1/admin/keys', asked);
    return new Client(server.url, body.key);
  };
  [ann, bob] = [await keyOf('ann'), await keyOf('bob')];
});
afterAll(async () => {
  await server.stop();
  await model.stop();
});

async function ask(client: Client) {
  const { headers, body } = await client.request<ChatCompletion>('POST', '/v1/chat/completions', {
    messages: [{ role: 'user', content: 'Who keeps the Wexcombe ferry?' }],
    temperature: 0,
  });
  const { content, annotations } = body.choices[0]!.message;
  return {
    cache: headers.get('x-millrace-cache'),
    content,
    versions: annotations.map(({ version }) => version),
  };
}

async function put(text: string): Promise<void> {
  await ann.put('ferry', { text, acl: ['user:ann'] });
  expect((await ann.waitFor('ferry', 'indexed')).state).toBe('indexed');
}

it('an answer is told again to who may see what it was made from, until that changes or goes', async () => {
  await put('The Wexcombe ferry is kept by Edith Rowe.');
  model.pieces = ['Edith Rowe', ' [1].'];
  expect(await ask(ann)).toEqual({ cache: 'miss', content: 'Edith Rowe [1].', versions: [1] });
  expect(await ask(ann)).toEqual({ cache: 'hit', content: 'Edith Rowe [1].', versions: [1] });

  model.pieces = ['Nobody says.'];
  expect(await ask(bob)).toEqual({ cache: 'miss', content: 'Nobody says.', versions: [] });

  await put('The Wexcombe ferry is kept by John Hale.');
  model.pieces = ['John Hale', ' [1].'];
  expect(await ask(ann)).toEqual({ cache: 'miss', content: 'John Hale [1].', versions: [2] });
  expect(await ask(ann)).toMatchObject({ cache: 'hit', versions: [2] });

  await ann.request('DELETE', '/v1/documents/ferry');
  await ann.waitFor('ferry', 'deleted');
  const { body: receipt } = await ann.request<ErasureReceipt>('GET', '/v1/documents/ferry/receipt');
  const caches = receipt.removed.find(({ store }) => store === 'caches')!;
  expect(caches.what).toContain('answers');
  expect(caches.count).toBeGreaterThanOrEqual(2);
  // Bob's, of whom nothing was hidden.
  expect(await ask(ann)).toEqual({ cache: 'hit', content: 'Nobody says.', versions: [] });
});
