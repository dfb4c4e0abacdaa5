import {
  MillraceError,
  response,
  responseEvent,
  responseRequest,
  type Citation,
  type ResponseEvent,
} from '@millrace/contracts';
import type { FinishReason } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../answers/answer.ts';
import { responseHead } from './response-head.ts';
import { responseEvents, wholeResponse } from './response-wire.ts';
import { ToldResponse } from './told-response.ts';

const usage = { promptTokens: 5, completionTokens: 9, cachedTokens: 4, reasoningTokens: 3, estimated: false };
const start: Answer = { type: 'start', model: 'm', generator: 'model', backend: 'b' };
const text = (channel: Extract<Answer, { type: 'text' }>['channel'], said: string): Answer => ({
  ...{ type: 'text', channel, text: said },
});
const end = (reason: FinishReason = 'stop', citations: readonly Citation[] = []): Answer => ({
  ...{ type: 'end', reason, usage, citations },
});
const citation: Citation = {
  type: 'url_citation',
  url_citation: { start_index: 8, end_index: 11, url: 'millrace:x', title: 'The mill' },
  ...{ index: 1, document_id: 'mill', version: 2, chunk_id: 'c', start: 40, end: 92, text: 'quoted' },
};

async function* answerOf(...parts: readonly (Answer | Error)[]): AsyncGenerator<Answer> {
  for (const part of parts)
    if (part instanceof Error) throw part;
    else yield part;
}

const told = () => new ToldResponse(responseHead(responseRequest.parse({ input: 'Hi' }), 'r'), 'r');
const whole = async (...parts: readonly (Answer | Error)[]) =>
  response.parse(await wholeResponse(answerOf(...parts), told()));

async function events(...parts: readonly (Answer | Error)[]): Promise<ResponseEvent[]> {
  const all: ResponseEvent[] = [];
  for await (const event of responseEvents(answerOf(...parts), told())) all.push(responseEvent.parse(event));
  expect(all.map(({ sequence_number }) => sequence_number)).toEqual([...all.keys()]);
  return all;
}

const shortOf = (all: readonly ResponseEvent[]) => all.map(({ type }) => type.replace('response.', ''));

describe('a response', () => {
  it('is told from its creation to its end', async () => {
    const all = await events(
      start,
      text('content', 'By Crane'),
      text('content', '[1]'),
      end('stop', [citation]),
    );
    expect(shortOf(all)).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.delta',
      'output_text.annotation.added',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ]);
    expect(all.at(3)).toMatchObject({ part: { text: '', annotations: [] } });
    expect(all.at(-1)).toMatchObject({
      response: {
        status: 'completed',
        model: 'm',
        output: [{ type: 'message', status: 'completed', content: [{ text: 'By Crane[1]' }] }],
      },
    });
  });

  it('is the same whole as its last event has it', async () => {
    const parts = [start, text('reasoning', 'hm'), text('content', 'Yes.'), text('refusal', 'no'), end()];
    const last = (await events(...parts)).at(-1);
    const { created_at, completed_at, ...rest } = await whole(...parts);
    expect(last).toMatchObject({ type: 'response.completed', response: rest });
    expect(rest.output.map(({ type }) => type)).toEqual(['reasoning', 'message']);
  });

  it('cites documents as files', async () => {
    const { output } = await whole(start, text('content', 'By Crane[1]'), end('stop', [citation]));
    expect(output[0]).toMatchObject({
      content: [
        {
          annotations: [
            {
              type: 'file_citation',
              file_id: 'mill',
              filename: 'The mill',
              index: 8,
              millrace: { number: 1, start_index: 8, end_index: 11, start: 40, end: 92, text: 'quoted' },
            },
          ],
        },
      ],
    });
  });

  it('counts tokens', async () => {
    expect((await whole(start, end())).usage).toEqual({
      input_tokens: 5,
      input_tokens_details: { cached_tokens: 4, cache_write_tokens: 0 },
      output_tokens: 9,
      output_tokens_details: { reasoning_tokens: 3 },
      total_tokens: 14,
    });
  });

  it('has its calls with their arguments, in between one another', async () => {
    const tool = (index: number): Answer => ({ type: 'tool', index, id: `c${index}`, name: 'f' });
    const all = await events(
      start,
      ...[tool(0), text('tool:0', '{"a"'), tool(1), text('tool:0', ':1}'), text('tool:1', '{}')],
      end('tool_calls'),
    );
    expect(all.at(-1)).toMatchObject({
      type: 'response.completed',
      response: {
        output: [
          { type: 'function_call', call_id: 'c0', name: 'f', arguments: '{"a":1}' },
          { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
        ],
      },
    });
    expect(shortOf(all).filter((type) => type === 'function_call_arguments.done')).toHaveLength(2);
  });

  it('begins with the search that was made for it', async () => {
    const passage = {
      ...{ document_id: 'mill', version: 2, chunk_id: 'c', text: 'The mill.', start: 1, end: 9, score: 0.5 },
      metadata: { team: 'ops', tags: ['a'], long: 'x'.repeat(600) },
    };
    const searched = (passages?: (typeof passage)[]): Answer => ({
      ...start,
      search: { query: 'who?', passages },
    });
    const all = await events(searched(), text('content', 'Crane'), end());
    expect(shortOf(all).slice(2, 7)).toEqual([
      'output_item.added',
      'file_search_call.in_progress',
      'file_search_call.searching',
      'file_search_call.completed',
      'output_item.done',
    ]);
    const { output } = await whole(searched([passage]), text('content', 'Crane'), end());
    expect(output[0]).toMatchObject({
      ...{ type: 'file_search_call', status: 'completed', queries: ['who?'] },
      results: [
        {
          ...{ file_id: 'mill', filename: 'mill', text: 'The mill.', score: 0.5 },
          attributes: { team: 'ops', long: 'x'.repeat(512) },
        },
      ],
    });
    expect(all.at(2)).toMatchObject({ item: { results: null, status: 'in_progress' } });
  });

  it.each([
    ['length', 'max_output_tokens'],
    ['content_filter', 'content_filter'],
  ] as const)('is incomplete by %s', async (finish, reason) => {
    const all = await events(start, text('content', 'The key'), end(finish));
    expect(all.at(-1)).toMatchObject({
      type: 'response.incomplete',
      response: {
        ...{ status: 'incomplete', incomplete_details: { reason }, completed_at: null },
        output: [{ status: 'incomplete', content: [{ text: 'The key' }] }],
      },
    });
    expect((await whole(start, end(finish))).incomplete_details).toEqual({ reason });
  });
});

describe('a response that fails', () => {
  const broken = new MillraceError('backend_error', { detail: 'cut' });

  it('says so in its last event', async () => {
    const all = await events(start, text('content', 'Half'), broken);
    expect(shortOf(all).slice(-2)).toEqual(['output_text.delta', 'failed']);
    expect(all.at(-1)).toMatchObject({
      response: {
        status: 'failed',
        error: {
          code: 'server_error',
          message: broken.message,
          millrace: { code: 'backend_error', request_id: 'r' },
        },
        output: [{ status: 'incomplete', content: [{ text: 'Half' }] }],
      },
    });
  });

  it('is an ordinary error where nothing was told, or it is asked for whole', async () => {
    await expect(events(broken)).rejects.toBe(broken);
    await expect(whole(start, text('content', 'Half'), broken)).rejects.toBe(broken);
  });

  it('has a code that OpenAI’s clients know', async () => {
    for (const [code, known] of [
      ['queue_full', 'rate_limit_exceeded'],
      ['backend_refused', 'invalid_prompt'],
      ['internal', 'server_error'],
    ] as const)
      expect((await events(start, new MillraceError(code))).at(-1)).toMatchObject({
        response: { error: { code: known, millrace: { code } } },
      });
  });
});
