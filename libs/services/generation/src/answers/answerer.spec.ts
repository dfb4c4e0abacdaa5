import { calls, MillraceError, type ChatCompletionRequest } from '@millrace/contracts';
import type { GenerationPart, Generator } from '@millrace/ports';
import type { Answer } from './answer.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  answering,
  type Answering,
  allow,
  asked,
  collect,
  never,
  passage,
  redactCrane,
  tokens,
} from '../testing/answering.ts';

let at: Answering;
beforeEach(() => {
  at = answering();
});

describe('an answer by a language model', () => {
  it('starts, says what the model says, cites, ends, and is recorded once', async () => {
    const { parts, text, end } = await collect(
      at.answerer(at.backEnd(...tokens('Crane', ' [1].'))).answer(asked()),
    );
    expect(parts[0]).toEqual({ type: 'start', model: 'm-1', generator: 'model', backend: 'mock' });
    expect(text).toBe('Crane [1].');
    expect(end).toMatchObject({
      reason: 'stop',
      usage: { promptTokens: 5, completionTokens: 2, estimated: false },
      citations: [{ index: 1, document_id: 'mill', url_citation: { start_index: 6, end_index: 9 } }],
    });
    expect(at.published).toMatchObject([
      { outcome: 'complete', model: 'm-1', backend: 'mock', sources: [{ document: 'mill', version: 2 }] },
    ]);
  });

  it('is told what its tenant wants said, and recorded by the version of that', async () => {
    at.replies.set(calls.tenantPrompt, () => ({
      version: 'p-2',
      prompt: { instructions: 'Answer in verse.' },
    }));
    await collect(at.answerer(at.backEnd(...tokens('x'))).answer(asked()));
    expect(String(at.requests[0]!.messages![0]!.content)).toMatch(/^Answer in verse\./);
    expect(at.published).toMatchObject([{ prompt: 'p-2' }]);
  });

  it('is not begun where nobody can say what it is to be told, and needs no word without documents', async () => {
    at.replies.set(calls.tenantPrompt, () => Promise.reject(new MillraceError('dependency_unavailable')));
    const { error } = await collect(at.answerer(at.backEnd(...tokens('x'))).answer(asked()));
    expect(error).toMatchObject({ code: 'prompt_unavailable' });
    const alone = asked({ millrace: { retrieval: false } });
    expect(await collect(at.answerer(at.backEnd(...tokens('x'))).answer(alone))).toMatchObject({ text: 'x' });
    expect(at.published.map(({ prompt }) => prompt)).toEqual([undefined, undefined]);
  });

  it('says whether its passages were put in order where it was asked to', async () => {
    at.replies.set(calls.findPassages, ({ request }: { request: { rerank: unknown } }) => ({
      results: [passage],
      ...(request.rerank === true && { rerank: { outcome: 'late', candidates: 9, millis: 150 } }),
    }));
    const request = asked({ millrace: { retrieval: { rerank: true } } });
    const { parts } = await collect(at.answerer(at.backEnd(...tokens('x'))).answer(request));
    expect(parts[0]).toMatchObject({ type: 'start', rerank: 'late' });
  });

  it('passes parameters on and keeps its own', async () => {
    const request = { temperature: 0, seed: 4, stream: true, millrace: { retrieval: false as const } };
    await collect(at.answerer(at.backEnd(...tokens('x'))).answer(asked({ ...request, model: 'm-1' })));
    expect(at.requests).toMatchObject([{ model: 'm-1', parameters: { temperature: 0, seed: 4 } }]);
    expect(Object.keys(at.requests[0]!.parameters)).toEqual(['temperature', 'seed']);
    expect(at.requests[0]!.messages).toEqual(asked().request.messages);
  });

  it('gives it parts that are no text as they are, beside the question or without documents', async () => {
    const picture = { type: 'image_url', image_url: { url: 'data:,' } };
    const ask = async (content: object[], millrace: ChatCompletionRequest['millrace']) => {
      const messages = [{ role: 'user' as const, content: content as { type: string }[] }];
      const request = { messages, ...(millrace && { millrace }) };
      await collect(at.answerer(at.backEnd(...tokens('x'))).answer(asked(request)));
      return at.requests.at(-1)!.messages![0]!.content;
    };
    expect(await ask([{ type: 'text', text: 'What is this?' }, picture], undefined)).toContainEqual(picture);
    expect(await ask([picture], { retrieval: false })).toEqual([picture]);
  });

  it('takes the modality that answers have anyway', async () => {
    const request = { modalities: ['text'], logprobs: false };
    const { error } = await collect(at.answerer(at.backEnd(...tokens('x'))).answer(asked(request)));
    expect(error).toBeUndefined();
  });

  it('drops a citation that names no source', async () => {
    const { text, end } = await collect(
      at.answerer(at.backEnd(...tokens('So', ' [', '7].'))).answer(asked()),
    );
    expect(text).toBe('So.');
    expect(end).toMatchObject({ citations: [] });
  });

  it('drops every citation when nothing was found, and none when nothing was looked up', async () => {
    at.replies.set(calls.findPassages, () => ({ results: [] }));
    const said = tokens('Yes [1] no [2, 99].');
    expect((await collect(at.answerer(at.backEnd(...said)).answer(asked()))).text).toBe('Yes no.');
    const without = asked({ millrace: { retrieval: false } });
    expect((await collect(at.answerer(at.backEnd(...said)).answer(without))).text).toBe(
      'Yes [1] no [2, 99].',
    );
  });

  it('cites what moderation leaves of a passage, at its place in the document', async () => {
    at.replies.set(calls.moderate, redactCrane);
    const { end } = await collect(
      at.answerer(at.backEnd(...tokens('He [1]', ' and he [1].'))).answer(asked()),
    );
    const citation = { text: 'The mill was built by ***. It grinds spelt.', start: 40, end: 92 };
    expect(end).toMatchObject({ citations: [citation, citation] });
  });

  it('cites without its text what moderation blocks', async () => {
    at.replies.set(calls.moderate, ({ text }: { text: string }) =>
      text.startsWith('The mill')
        ? { action: 'block', text: 'The', holdFrom: 3, findings: [] }
        : allow({ text }),
    );
    const { end } = await collect(at.answerer(at.backEnd(...tokens('He [1].'))).answer(asked()));
    expect(end).toMatchObject({
      citations: [{ text: '', url_citation: { title: 'mill' }, start: 40, end: 92 }],
    });
  });

  it('fails when its citations cannot be moderated', async () => {
    at.replies.set(calls.moderate, ({ text }: { text: string }) => {
      if (text.startsWith('The mill was')) throw new MillraceError('dependency_unavailable');
      return allow({ text });
    });
    const { error } = await collect(at.answerer(at.backEnd(...tokens('He [1].'))).answer(asked()));
    expect(error).toMatchObject({ code: 'dependency_unavailable' });
    expect(at.published).toMatchObject([{ outcome: 'failed' }]);
  });

  it('ends suppressed where moderation blocks, and stops the model', async () => {
    at.replies.set(calls.moderate, ({ text, direction }: { text: string; direction: string }) =>
      direction === 'output' && text.includes('bad')
        ? { action: 'block', text: 'so ', holdFrom: 3, findings: [] }
        : allow({ text }),
    );
    const generator = at.backEnd(...tokens('so bad').slice(0, 2), 'stall');
    const { text, end } = await collect(at.answerer(generator).answer(asked()));
    expect(text).toBe('so ');
    expect(end).toMatchObject({ reason: 'content_filter', usage: { estimated: true } });
    expect(at.published).toMatchObject([{ outcome: 'suppressed' }]);
    await expect.poll(at.stopped).toBe(1);
  });

  it('stops the model before a slow reader takes the end, and counts what was thrown away', async () => {
    at.replies.set(calls.moderate, ({ text, direction }: { text: string; direction: string }) =>
      direction === 'output' && text.includes('bad')
        ? { action: 'block', text: '', holdFrom: 0, findings: [] }
        : allow({ text }),
    );
    const generator = at.backEnd(...tokens('so bad', 'x'.repeat(390)).slice(0, 3), 'stall');
    const answer = at.answerer(generator).answer(asked());
    let part: Answer | undefined;
    while (part?.type !== 'end') part = (await answer.next()).value as Answer | undefined;
    await expect.poll(at.stopped).toBe(1);
    await answer.next();
    expect(at.published).toMatchObject([
      { outcome: 'suppressed', usage: { completionTokens: 99, estimated: true } },
    ]);
  });

  it('is recorded with how far it came, who was asked, and what it cost', async () => {
    const [ill, well] = [at.backEnd(new MillraceError('backend_error')), at.backEnd(...tokens('x'))];
    const price = { prompt: 1, completion: 1_000_000 };
    const backEnds = [
      { name: 'ill', generator: ill, weight: 1 },
      { name: 'well', generator: well, weight: 0, price },
    ];
    const { parts } = await collect(at.answererOf(backEnds).answer(asked()));
    expect(parts[0]).toMatchObject({ backend: 'well' });
    expect(at.published).toMatchObject([
      {
        backend: 'well',
        phase: 'streaming',
        attempts: [{ backend: 'ill', error: 'backend_error' }, { backend: 'well' }],
        cost: 2.000005,
      },
    ]);
  });

  it('that never came is recorded with where it stood', async () => {
    const question = at.answerer(at.backEnd(new MillraceError('backend_unavailable'))).answer(asked());
    await collect(question);
    expect(at.published).toMatchObject([
      {
        outcome: 'failed',
        phase: 'connecting',
        attempts: [{ backend: 'mock', error: 'backend_unavailable' }],
      },
    ]);
  });

  it('is recorded with the tokens of putting its question in full, which its own usage leaves out', async () => {
    const messages = ['Who built the mill?', 'Crane.', 'And when was it built?'].map((content, n) => ({
      role: n % 2 === 0 ? ('user' as const) : ('assistant' as const),
      content,
    }));
    const { end } = await collect(at.answerer(at.backEnd(...tokens('In 1801.'))).answer(asked({ messages })));
    expect(at.requests).toHaveLength(2);
    expect(end).toMatchObject({ usage: { promptTokens: 5, completionTokens: 2 } });
    expect(at.published).toMatchObject([
      { usage: { promptTokens: 10, completionTokens: 4, estimated: false } },
    ]);
  });

  it('is recorded with what moderation found, each once, and an identity that no caller chose', async () => {
    at.replies.set(calls.moderate, ({ text }: { text: string }) => ({
      ...allow({ text }),
      findings: Array.from({ length: 2 }, () => ({ category: 'pii/email', action: 'flag' })),
    }));
    const answers = at.answerer(at.backEnd(...tokens('a@b.example', ' and c@d.example')));
    for (let n = 0; n < 2; n++) await collect(answers.answer(asked()));
    const flagged = { category: 'pii/email', action: 'flag' };
    const findings = ['input', 'output'].map((direction) => ({ direction, ...flagged }));
    expect(at.published).toMatchObject([
      { requestId: 'r-1', findings },
      { requestId: 'r-1', findings },
    ]);
    expect(new Set(at.published.map(({ answer }) => answer)).size).toBe(2);
  });

  it('tells of a tool call once, though the back end repeats its name with each of its arguments', async () => {
    const call = (more: string): GenerationPart => ({
      type: 'delta',
      choice: 0,
      delta: { toolCalls: [{ index: 0, id: 'c', function: { name: 'f', arguments: more } }] },
    });
    const [start, end] = tokens();
    const tools = [{ type: 'function', function: { name: 'f' } }];
    const { parts } = await collect(
      at.answerer(at.backEnd(start!, call('{'), call('}'), end!)).answer(asked({ tools })),
    );
    expect(parts.filter(({ type }) => type === 'tool')).toEqual([
      { type: 'tool', index: 0, id: expect.stringMatching(/^[a-z0-9]{9}$/) as string, name: 'f' },
    ]);
  });

  it('is truncated at the limit', async () => {
    const { text, end } = await collect(
      at
        .answerer(at.backEnd(...tokens('x'.repeat(90), 'y'.repeat(90))), { maxAnswerChars: 100 })
        .answer(asked()),
    );
    expect(text).toHaveLength(100);
    expect(end).toMatchObject({ reason: 'length' });
    expect(at.published).toMatchObject([{ outcome: 'truncated' }]);
  });

  it('fails when the stream breaks, after what came before', async () => {
    const broken = at.backEnd(...tokens('half').slice(0, 2), new MillraceError('backend_error'));
    const { text, error } = await collect(at.answerer(broken).answer(asked()));
    expect(text).toBe('half');
    expect(error).toMatchObject({ code: 'backend_error' });
    expect(at.published).toMatchObject([
      { outcome: 'failed', usage: { completionTokens: 1, estimated: true } },
    ]);
  });

  it('says nothing before the back end has taken the question', async () => {
    const { parts, error } = await collect(
      at.answerer(at.backEnd(new MillraceError('backend_unavailable'))).answer(asked()),
    );
    expect(parts).toEqual([]);
    expect(error).toMatchObject({ code: 'backend_unavailable' });
  });

  it('ends with an error when its time is up', async () => {
    const { error } = await collect(
      at.answerer(at.backEnd(...tokens('a').slice(0, 2), 'stall'), { maxSeconds: 0.02 }).answer(asked()),
    );
    expect(error).toMatchObject({ code: 'deadline_exceeded' });
    expect(at.published).toMatchObject([{ outcome: 'failed' }]);
    await expect.poll(at.stopped).toBe(1);
  });
});

describe('a caller who goes away', () => {
  const gone = async (setUp: (client: AbortController) => Generator | undefined) => {
    const client = new AbortController();
    const generator = setUp(client);
    const { error } = await collect(at.answerer(generator).answer(asked({}, client.signal)));
    expect(error).toMatchObject({ code: 'cancelled' });
    expect(at.published).toMatchObject([{ outcome: 'cancelled' }]);
  };
  const leaving = (client: AbortController) => (_: never, signal: AbortSignal) => {
    setImmediate(() => client.abort());
    return never(signal);
  };

  it('while the question is moderated', () =>
    gone((client) => (at.replies.set(calls.moderate, leaving(client)), at.backEnd())));
  it('while passages are looked up', () =>
    gone((client) => (at.replies.set(calls.findPassages, leaving(client)), at.backEnd())));
  it('while extracts are chosen', () =>
    gone((client) => (at.replies.set(calls.embedTexts, leaving(client)), undefined)));
  it('while the first token is awaited', async () => {
    await gone((client) => {
      setTimeout(() => client.abort(), 20);
      return at.backEnd('stall');
    });
    await expect.poll(at.stopped).toBe(1);
  });
  it('while it streams', async () => {
    await gone((client) => {
      setTimeout(() => client.abort(), 20);
      return at.backEnd(...tokens('a').slice(0, 2), 'stall');
    });
    await expect.poll(at.stopped).toBe(1);
  });

  it('between two parts, by not reading on', async () => {
    for await (const part of at.answerer(at.backEnd(...tokens('a').slice(0, 2), 'stall')).answer(asked()))
      if (part.type === 'text') break;
    expect(at.published).toMatchObject([{ outcome: 'cancelled' }]);
    await expect.poll(at.stopped).toBe(1);
  });
});
