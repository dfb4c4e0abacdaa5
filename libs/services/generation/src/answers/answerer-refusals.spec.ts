import { calls, type ChatCompletionRequest } from '@millrace/contracts';
import type { Generator } from '@millrace/ports';
import { beforeEach, describe, expect, it } from 'vitest';
import { answering, type Answering, allow, asked, collect, tokens } from '../testing/answering.ts';

let at: Answering;
beforeEach(() => {
  at = answering();
});

describe('what is not answered', () => {
  const refused = async (request: Partial<ChatCompletionRequest>, generator?: Generator, settings?: object) =>
    (await collect(at.answerer(generator, settings).answer(asked(request)))).error;

  it('a blocked question, wherever in the conversation it stands', async () => {
    at.replies.set(calls.moderate, ({ text }: { text: string }) => ({
      ...allow({ text }),
      action: text.includes('bad') ? 'block' : 'allow',
    }));
    const messages = [
      { role: 'user' as const, content: 'bad' },
      { role: 'user' as const, content: 'go on' },
    ];
    expect(await refused({ messages }, at.backEnd())).toMatchObject({
      code: 'content_blocked',
      param: 'messages',
    });
    expect(at.published).toMatchObject([{ outcome: 'suppressed' }]);
    expect(at.requests).toEqual([]);
  });

  it('a blocked question, before anything is looked up for it', async () => {
    let lookups = 0;
    at.replies.set(calls.moderate, () => ({ action: 'block', text: '', holdFrom: 0, findings: [] }));
    at.replies.set(calls.findPassages, () => ({ results: [], lookups: ++lookups }));
    expect(await refused({})).toMatchObject({ code: 'content_blocked' });
    expect(lookups).toBe(0);
  });

  it('parameters that nothing here can keep to', async () => {
    for (const asked of [{ logprobs: true }, { modalities: ['text', 'audio'] }])
      expect(await refused(asked, at.backEnd())).toMatchObject({ code: 'unsupported_parameter' });
    expect(await refused({ response_format: { type: 'json_object' } })).toMatchObject({
      code: 'unsupported_parameter',
      param: 'response_format',
    });
    expect(await refused({ tool_choice: 'required' })).toMatchObject({ param: 'tool_choice' });
  });

  it('nothing in words, where documents are to be looked up', async () => {
    const picture = { type: 'image_url', image_url: { url: 'data:,' } };
    for (const content of ['', ' ', [picture]]) {
      const messages = [{ role: 'user' as const, content }];
      expect(await refused({ messages }, at.backEnd())).toMatchObject({
        ...{ code: 'invalid_request', param: 'messages' },
      });
    }
    const messages = [{ role: 'system' as const, content: 'Be brief.' }];
    expect(await refused({ messages }, at.backEnd())).toMatchObject({ code: 'invalid_request' });
    expect([at.requests, at.published]).toEqual([[], []]);
  });

  it('a model that is not there', async () => {
    expect(await refused({ model: 'gpt' })).toMatchObject({ code: 'model_not_found', param: 'model' });
  });

  it('more than the limits allow', async () => {
    const messages = [{ role: 'user' as const, content: 'x'.repeat(50) }];
    expect(await refused({ messages }, at.backEnd(), { maxPromptChars: 40 })).toMatchObject({
      code: 'input_too_long',
    });
    expect(await refused({}, at.backEnd(), { maxAnswers: 0, maxWaiting: 0 })).toMatchObject({
      code: 'queue_full',
      retryAfter: 1,
    });
  });

  it('frees its place when an answer is over', async () => {
    const one = at.answerer(at.backEnd(...tokens('a')), { maxAnswers: 1 });
    for (let round = 0; round < 3; round++)
      expect((await collect(one.answer(asked()))).error).toBeUndefined();
    expect(at.published).toHaveLength(3);
  });
});
