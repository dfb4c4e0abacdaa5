import type { ChatCompletionRequest, SearchResult } from '@millrace/contracts';
import type { Caller } from '@millrace/platform';
import { describe, expect, it } from 'vitest';
import { ExtractiveAnswerer } from './extractive-answerer.ts';

const passage = (text: string): SearchResult => ({
  ...{ document_id: 'a', version: 1, chunk_id: '00000000-0000-5000-8000-000000000000', score: 1 },
  ...{ text, start: 0, end: text.length, headings: [], metadata: {} },
});
/** Every text means the same. */
const caller = {
  call: async (_spec: unknown, { texts }: { texts: string[] }) => ({
    model: 'm',
    vectors: texts.map(() => [1, 0]),
  }),
} as unknown as Caller;

async function said(request: Partial<ChatCompletionRequest>, question = 'The paddles of the wheel?') {
  const messages: ChatCompletionRequest['messages'] = [{ role: 'user', content: question }];
  const { parts } = await new ExtractiveAnswerer(caller).answer({
    tenant: 'acme',
    question,
    passages: [passage('The wheel has twelve oak paddles. It grinds spelt.')],
    request: { messages, ...request },
    signal: new AbortController().signal,
  });
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  return { text, end: parts.find((part) => part.type === 'end')?.reason };
}

describe('extracts', () => {
  it('end before the first word that is to end them', async () => {
    expect((await said({ stop: ['spelt', 'oak'] })).text).toMatch(/twelve $/);
    expect(await said({ stop: 'oak' })).toMatchObject({ end: 'stop' });
    expect((await said({ stop: 'nowhere' })).text).toContain('oak paddles');
  });

  it('end at the length that was asked for', async () => {
    expect(await said({ max_tokens: 5 })).toMatchObject({ end: 'length' });
  });

  it.each([
    [{ tool_choice: 'required' }, 'tool_choice'],
    [{ response_format: { type: 'json_object' } }, 'response_format'],
    [{ logit_bias: { '1': -100 } }, 'logit_bias'],
    [{ web_search_options: {} }, 'web_search_options'],
    [
      {
        messages: [
          { role: 'system', content: 'x' },
          { role: 'user', content: [{ type: 'text', text: 'x' }, { type: 'image_url' }] },
        ],
      },
      'messages.1.content.1',
    ],
  ] as const)('say what they cannot do: %o', async (request, param) => {
    await expect(said(request as never)).rejects.toMatchObject({ code: 'unsupported_parameter', param });
  });

  it('take what would not change them', async () => {
    const usual = { logit_bias: {}, tools: [{}], tool_choice: 'auto', response_format: { type: 'text' } };
    const ofAModel = { temperature: 1, top_p: 0.5, seed: 1, presence_penalty: 1, user: 'ann' };
    expect(await said({ ...usual, ...ofAModel })).toEqual(await said({}));
  });

  it('do not answer with the question itself', async () => {
    expect((await said({}, 'the wheel has twelve oak paddles')).text).not.toContain('twelve oak');
  });

  it('want to be asked something', async () => {
    await expect(said({}, '')).rejects.toMatchObject({ code: 'invalid_request', param: 'messages' });
  });
});
