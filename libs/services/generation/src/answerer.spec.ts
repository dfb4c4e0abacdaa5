import {
  calls,
  MillraceError,
  type CallSpec,
  type ChatCompletionRequest,
  type EventData,
  type events,
  type SearchResult,
} from '@millrace/contracts';
import type { GenerationPart, GenerationRequest, Generator } from '@millrace/ports';
import type { Caller, EventPublisher, Logger } from '@millrace/platform';
import { beforeEach, describe, expect, it } from 'vitest';
import { AnswerRecords } from './answer-records.ts';
import { Answerer, type Answer } from './answerer.ts';
import { ExtractiveAnswerer } from './extractive-answerer.ts';
import { FollowUps } from './follow-ups.ts';
import { Lookup } from './lookup.ts';

type Completed = EventData<typeof events.answerCompleted>;
type Reply = (input: never, signal: AbortSignal) => unknown;

const passage: SearchResult = {
  document_id: 'mill',
  version: 2,
  chunk_id: '00000000-0000-5000-8000-000000000000',
  score: 0.9,
  title: 'The mill',
  text: 'The mill was built by Josiah Crane. It grinds spelt.',
  start: 40,
  end: 92,
  headings: [],
  metadata: {},
};
const allow = ({ text }: { text: string }) => ({
  action: 'allow',
  text,
  holdFrom: text.length,
  findings: [],
});
const redactCrane = ({ text }: { text: string }) => ({
  ...allow({ text }),
  text: text.replaceAll('Josiah Crane', '***'),
});
const tokens = (...words: readonly string[]): GenerationPart[] => [
  { type: 'start', model: 'm-1' },
  ...words.map((content): GenerationPart => ({ type: 'delta', choice: 0, delta: { content } })),
  { type: 'end', finishReasons: ['stop'], usage: { promptTokens: 5, completionTokens: 2 } },
];
const never = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

let replies: Map<CallSpec, Reply>;
let published: Completed[];
let requests: GenerationRequest[];
let stopped: number;

beforeEach(() => {
  replies = new Map<CallSpec, Reply>([
    [calls.moderate, allow],
    [calls.findPassages, () => ({ results: [passage] })],
    [
      calls.embedTexts,
      ({ texts }: { texts: string[] }) => ({
        vectors: texts.map((text) => (/mill|spelt/.test(text) ? [1, 0] : [0, 1])),
        tokens: 1,
        model: 'e',
        dims: 2,
      }),
    ],
  ]);
  published = [];
  requests = [];
  stopped = 0;
});

/** A back end that says these parts; a promise among them is waited for, and an error thrown. */
const backEnd = (...script: readonly (GenerationPart | Error | 'stall')[]): Generator => ({
  name: 'mock',
  models: async () => ['m-1'],
  healthy: async () => true,
  async *generate(request, signal) {
    requests.push(request);
    try {
      for (const step of script) {
        if (step instanceof Error) throw step;
        if (step === 'stall') await never(signal);
        else yield step;
      }
    } finally {
      if (signal.aborted) stopped += 1;
    }
  },
});

function answerer(generator: Generator | undefined, settings: object = {}): Answerer {
  const caller = {
    call: async (spec: CallSpec, input: never, { signal }: { signal: AbortSignal }) =>
      replies.get(spec)!(input, signal),
  } as unknown as Caller;
  const publisher = {
    publish: async (_spec: unknown, data: Completed) => void published.push(data),
  } as unknown as EventPublisher;
  const logger = { error: () => undefined, warn: () => undefined } as unknown as Logger;
  const limits = {
    followUpMs: 1000,
    maxAnswers: 2,
    maxAnswerChars: 1000,
    maxPromptChars: 1000,
    maxSeconds: 60,
    passages: 8,
    sourceChars: 1000,
    ...settings,
  };
  const records = new AnswerRecords(publisher, logger, limits);
  return new Answerer(
    caller,
    generator,
    new Lookup(caller, new FollowUps(limits, logger), limits),
    new ExtractiveAnswerer(caller),
    records,
    logger,
    limits,
  );
}

const asked = (request: Partial<ChatCompletionRequest> = {}, signal = new AbortController().signal) => ({
  request: { messages: [{ role: 'user' as const, content: 'Who built the mill?' }], ...request },
  principal: { tenant: 'default', name: 'user:a', groups: [], rights: ['read' as const] },
  requestId: 'r-1',
  signal,
});

async function collect(answer: AsyncIterable<Answer>) {
  const parts: Answer[] = [];
  let error: unknown;
  try {
    for await (const part of answer) parts.push(part);
  } catch (thrown) {
    error = thrown;
  }
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  return { parts, text, end: parts.at(-1), error };
}

describe('an answer by a language model', () => {
  it('starts, says what the model says, cites, ends, and is recorded once', async () => {
    const { parts, text, end } = await collect(
      answerer(backEnd(...tokens('Crane', ' [1].'))).answer(asked()),
    );
    expect(parts[0]).toEqual({ type: 'start', model: 'm-1', generator: 'model' });
    expect(text).toBe('Crane [1].');
    expect(end).toMatchObject({
      reason: 'stop',
      usage: { promptTokens: 5, completionTokens: 2, estimated: false },
      citations: [{ index: 1, document_id: 'mill', url_citation: { start_index: 6, end_index: 9 } }],
    });
    expect(published).toMatchObject([
      { outcome: 'complete', model: 'm-1', backend: 'mock', sources: [{ document: 'mill', version: 2 }] },
    ]);
  });

  it('says whether its passages were put in order where it was asked to', async () => {
    replies.set(calls.findPassages, ({ request }: { request: { rerank: unknown } }) => ({
      results: [passage],
      ...(request.rerank === true && { rerank: { outcome: 'late', candidates: 9, millis: 150 } }),
    }));
    const request = asked({ millrace: { retrieval: { rerank: true } } });
    const { parts } = await collect(answerer(backEnd(...tokens('x'))).answer(request));
    expect(parts[0]).toMatchObject({ type: 'start', rerank: 'late' });
  });

  it('passes parameters on and keeps its own', async () => {
    const request = { temperature: 0, seed: 4, stream: true, millrace: { retrieval: false as const } };
    await collect(answerer(backEnd(...tokens('x'))).answer(asked({ ...request, model: 'm-1' })));
    expect(requests).toMatchObject([{ model: 'm-1', parameters: { temperature: 0, seed: 4 } }]);
    expect(Object.keys(requests[0]!.parameters)).toEqual(['temperature', 'seed']);
    expect(requests[0]!.messages).toEqual(asked().request.messages);
  });

  it('gives it parts that are no text as they are, beside the question or without documents', async () => {
    const picture = { type: 'image_url', image_url: { url: 'data:,' } };
    const ask = async (content: object[], millrace: ChatCompletionRequest['millrace']) => {
      const messages = [{ role: 'user' as const, content: content as { type: string }[] }];
      const request = { messages, ...(millrace && { millrace }) };
      await collect(answerer(backEnd(...tokens('x'))).answer(asked(request)));
      return requests.at(-1)!.messages[0]!.content;
    };
    expect(await ask([{ type: 'text', text: 'What is this?' }, picture], undefined)).toContainEqual(picture);
    expect(await ask([picture], { retrieval: false })).toEqual([picture]);
  });

  it('takes the modality that answers have anyway', async () => {
    const request = { modalities: ['text'], logprobs: false };
    const { error } = await collect(answerer(backEnd(...tokens('x'))).answer(asked(request)));
    expect(error).toBeUndefined();
  });

  it('drops a citation that names no source', async () => {
    const { text, end } = await collect(answerer(backEnd(...tokens('So', ' [', '7].'))).answer(asked()));
    expect(text).toBe('So.');
    expect(end).toMatchObject({ citations: [] });
  });

  it('drops every citation when nothing was found, and none when nothing was looked up', async () => {
    replies.set(calls.findPassages, () => ({ results: [] }));
    const said = tokens('Yes [1] no [2, 99].');
    expect((await collect(answerer(backEnd(...said)).answer(asked()))).text).toBe('Yes no.');
    const without = asked({ millrace: { retrieval: false } });
    expect((await collect(answerer(backEnd(...said)).answer(without))).text).toBe('Yes [1] no [2, 99].');
  });

  it('cites what moderation leaves of a passage, at its place in the document', async () => {
    replies.set(calls.moderate, redactCrane);
    const { end } = await collect(answerer(backEnd(...tokens('He [1]', ' and he [1].'))).answer(asked()));
    const citation = { text: 'The mill was built by ***. It grinds spelt.', start: 40, end: 92 };
    expect(end).toMatchObject({ citations: [citation, citation] });
  });

  it('cites without its text what moderation blocks', async () => {
    replies.set(calls.moderate, ({ text }: { text: string }) =>
      text.startsWith('The mill')
        ? { action: 'block', text: 'The', holdFrom: 3, findings: [] }
        : allow({ text }),
    );
    const { end } = await collect(answerer(backEnd(...tokens('He [1].'))).answer(asked()));
    expect(end).toMatchObject({
      citations: [{ text: '', url_citation: { title: 'mill' }, start: 40, end: 92 }],
    });
  });

  it('fails when its citations cannot be moderated', async () => {
    replies.set(calls.moderate, ({ text }: { text: string }) => {
      if (text.startsWith('The mill was')) throw new MillraceError('dependency_unavailable');
      return allow({ text });
    });
    const { error } = await collect(answerer(backEnd(...tokens('He [1].'))).answer(asked()));
    expect(error).toMatchObject({ code: 'dependency_unavailable' });
    expect(published).toMatchObject([{ outcome: 'failed' }]);
  });

  it('ends suppressed where moderation blocks, and stops the model', async () => {
    replies.set(calls.moderate, ({ text, direction }: { text: string; direction: string }) =>
      direction === 'output' && text.includes('bad')
        ? { action: 'block', text: 'so ', holdFrom: 3, findings: [] }
        : allow({ text }),
    );
    const generator = backEnd(...tokens('so bad').slice(0, 2), 'stall');
    const { text, end } = await collect(answerer(generator).answer(asked()));
    expect(text).toBe('so ');
    expect(end).toMatchObject({ reason: 'content_filter', usage: { estimated: true } });
    expect(published).toMatchObject([{ outcome: 'suppressed' }]);
    await expect.poll(() => stopped).toBe(1);
  });

  it('tells of a tool call once, though the back end repeats its name with each of its arguments', async () => {
    const call = (more: string): GenerationPart => ({
      type: 'delta',
      choice: 0,
      delta: { toolCalls: [{ index: 0, id: 'c', function: { name: 'f', arguments: more } }] },
    });
    const [start, end] = tokens();
    const { parts } = await collect(answerer(backEnd(start!, call('{'), call('}'), end!)).answer(asked()));
    expect(parts.filter(({ type }) => type === 'tool')).toEqual([
      { type: 'tool', index: 0, id: 'c', name: 'f' },
    ]);
  });

  it('is truncated at the limit', async () => {
    const { text, end } = await collect(
      answerer(backEnd(...tokens('x'.repeat(90), 'y'.repeat(90))), { maxAnswerChars: 100 }).answer(asked()),
    );
    expect(text).toHaveLength(100);
    expect(end).toMatchObject({ reason: 'length' });
    expect(published).toMatchObject([{ outcome: 'truncated' }]);
  });

  it('fails when the stream breaks, after what came before', async () => {
    const broken = backEnd(...tokens('half').slice(0, 2), new MillraceError('backend_error'));
    const { text, error } = await collect(answerer(broken).answer(asked()));
    expect(text).toBe('half');
    expect(error).toMatchObject({ code: 'backend_error' });
    expect(published).toMatchObject([{ outcome: 'failed', usage: { completionTokens: 1, estimated: true } }]);
  });

  it('says nothing before the back end has taken the question', async () => {
    const { parts, error } = await collect(
      answerer(backEnd(new MillraceError('backend_unavailable'))).answer(asked()),
    );
    expect(parts).toEqual([]);
    expect(error).toMatchObject({ code: 'backend_unavailable' });
  });

  it('ends with an error when its time is up', async () => {
    const { error } = await collect(
      answerer(backEnd(...tokens('a').slice(0, 2), 'stall'), { maxSeconds: 0.02 }).answer(asked()),
    );
    expect(error).toMatchObject({ code: 'deadline_exceeded' });
    expect(published).toMatchObject([{ outcome: 'failed' }]);
    await expect.poll(() => stopped).toBe(1);
  });
});

describe('a caller who goes away', () => {
  const gone = async (setUp: (client: AbortController) => Generator | undefined) => {
    const client = new AbortController();
    const generator = setUp(client);
    const { error } = await collect(answerer(generator).answer(asked({}, client.signal)));
    expect(error).toMatchObject({ code: 'cancelled' });
    expect(published).toMatchObject([{ outcome: 'cancelled' }]);
  };
  const leaving = (client: AbortController) => (_: never, signal: AbortSignal) => {
    setImmediate(() => client.abort());
    return never(signal);
  };

  it('while the question is moderated', () =>
    gone((client) => (replies.set(calls.moderate, leaving(client)), backEnd())));
  it('while passages are looked up', () =>
    gone((client) => (replies.set(calls.findPassages, leaving(client)), backEnd())));
  it('while extracts are chosen', () =>
    gone((client) => (replies.set(calls.embedTexts, leaving(client)), undefined)));
  it('while the first token is awaited', async () => {
    await gone((client) => {
      setTimeout(() => client.abort(), 20);
      return backEnd('stall');
    });
    await expect.poll(() => stopped).toBe(1);
  });
  it('while it streams', async () => {
    await gone((client) => {
      setTimeout(() => client.abort(), 20);
      return backEnd(...tokens('a').slice(0, 2), 'stall');
    });
    await expect.poll(() => stopped).toBe(1);
  });

  it('between two parts, by not reading on', async () => {
    for await (const part of answerer(backEnd(...tokens('a').slice(0, 2), 'stall')).answer(asked()))
      if (part.type === 'text') break;
    expect(published).toMatchObject([{ outcome: 'cancelled' }]);
    await expect.poll(() => stopped).toBe(1);
  });
});

describe('what is not answered', () => {
  const refused = async (request: Partial<ChatCompletionRequest>, generator?: Generator, settings?: object) =>
    (await collect(answerer(generator, settings).answer(asked(request)))).error;

  it('a blocked question, wherever in the conversation it stands', async () => {
    replies.set(calls.moderate, ({ text }: { text: string }) => ({
      ...allow({ text }),
      action: text.includes('bad') ? 'block' : 'allow',
    }));
    const messages = [
      { role: 'user' as const, content: 'bad' },
      { role: 'user' as const, content: 'go on' },
    ];
    expect(await refused({ messages }, backEnd())).toMatchObject({
      code: 'content_blocked',
      param: 'messages',
    });
    expect(published).toMatchObject([{ outcome: 'suppressed' }]);
    expect(requests).toEqual([]);
  });

  it('a blocked question, before a reranker hears of it', async () => {
    let lookups = 0;
    replies.set(calls.moderate, () => ({ action: 'block', text: '', holdFrom: 0, findings: [] }));
    replies.set(calls.findPassages, () => ({ results: [], lookups: ++lookups }));
    expect(await refused({})).toMatchObject({ code: 'content_blocked' });
    expect(lookups).toBe(1); // its passages are thrown away
    expect(await refused({ millrace: { retrieval: { rerank: true } } })).toMatchObject({
      code: 'content_blocked',
    });
    expect(lookups).toBe(1);
  });

  it('parameters that nothing here can keep to', async () => {
    for (const asked of [{ logprobs: true }, { modalities: ['text', 'audio'] }])
      expect(await refused(asked, backEnd())).toMatchObject({ code: 'unsupported_parameter' });
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
      expect(await refused({ messages }, backEnd())).toMatchObject({
        ...{ code: 'invalid_request', param: 'messages' },
      });
    }
    const messages = [{ role: 'system' as const, content: 'Be brief.' }];
    expect(await refused({ messages }, backEnd())).toMatchObject({ code: 'invalid_request' });
    expect([requests, published]).toEqual([[], []]);
  });

  it('a model that is not there', async () => {
    expect(await refused({ model: 'gpt' })).toMatchObject({ code: 'model_not_found', param: 'model' });
  });

  it('more than the limits allow', async () => {
    const messages = [{ role: 'user' as const, content: 'x'.repeat(50) }];
    expect(await refused({ messages }, backEnd(), { maxPromptChars: 40 })).toMatchObject({
      code: 'input_too_long',
    });
    expect(await refused({}, backEnd(), { maxAnswers: 0 })).toMatchObject({
      code: 'queue_full',
      retryAfter: 1,
    });
  });

  it('frees its place when an answer is over', async () => {
    const one = answerer(backEnd(...tokens('a')), { maxAnswers: 1 });
    for (let round = 0; round < 3; round++)
      expect((await collect(one.answer(asked()))).error).toBeUndefined();
    expect(published).toHaveLength(3);
  });
});

describe('an answer by extracts', () => {
  it('is labelled, cited to the sentence, and recorded', async () => {
    const { parts, text, end } = await collect(answerer(undefined).answer(asked()));
    expect(parts[0]).toEqual({ type: 'start', model: 'millrace-extractive', generator: 'extractive' });
    expect(text).toContain('From the documents:');
    expect(text).toContain('- The mill was built by Josiah Crane. It grinds spelt. [1]');
    expect(end).toMatchObject({
      reason: 'stop',
      citations: [{ index: 1, document_id: 'mill', start: 40, end: 92 }],
    });
    expect(published).toMatchObject([{ outcome: 'complete', backend: 'millrace-extractive' }]);
  });

  it('cites what moderation leaves of a sentence', async () => {
    replies.set(calls.moderate, redactCrane);
    const { text, end } = await collect(answerer(undefined).answer(asked()));
    expect(text).toContain('- The mill was built by ***. It grinds spelt. [1]');
    expect(end).toMatchObject({
      citations: [{ text: 'The mill was built by ***. It grinds spelt.', start: 40, end: 92 }],
    });
  });

  it('leaves brackets of the documents as they are, and cites by other numbers', async () => {
    const told =
      'The mill `zorb[0]` was built [1] by Crane [9].\n\nThat Crane built the mill [2, 3] is ``` known.';
    replies.set(calls.findPassages, () => ({
      results: [{ ...passage, text: told, start: 0, end: told.length }],
    }));
    const { text, end } = await collect(answerer(undefined).answer(asked()));
    expect(text).toContain('- The mill `zorb[0]` was built [1] by Crane [9]. [4]\n');
    expect(text).toContain('- That Crane built the mill [2, 3] is ``` known. [5]\n');
    expect(end).toMatchObject({ citations: [{ index: 4 }, { index: 5 }] });
  });

  it('says plainly when nothing was found, and when nothing was looked up', async () => {
    replies.set(calls.findPassages, () => ({ results: [] }));
    expect((await collect(answerer(undefined).answer(asked()))).text).toContain('say nothing about this');
    const without = asked({ millrace: { retrieval: false } });
    expect((await collect(answerer(undefined).answer(without))).text).toContain('no language model');
  });

  it('keeps to max_tokens', async () => {
    const { text, end } = await collect(answerer(undefined).answer(asked({ max_tokens: 6 })));
    expect(text).toHaveLength(24);
    expect(end).toMatchObject({ reason: 'length' });
  });

  it('can be asked for where there is a language model', async () => {
    const { parts } = await collect(answerer(backEnd()).answer(asked({ model: 'millrace-extractive' })));
    expect(parts[0]).toMatchObject({ generator: 'extractive' });
    expect(requests).toEqual([]);
  });
});
