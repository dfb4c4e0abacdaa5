import { complaint, responseRequest } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { responseQuestion } from './response-question.ts';

const question = (request: object) =>
  responseQuestion(responseRequest.parse({ input: 'Who built the mill?', ...request }));
const retrievalOf = (request: object) => question(request).request.millrace?.retrieval;
const search = (options: object = {}) => ({ tools: [{ type: 'file_search', ...options }] });

describe('what a response is asked for with', () => {
  it('is that of a chat, in its words', () => {
    const schema = { type: 'object' };
    const { request } = question({
      model: 'm',
      max_output_tokens: 50,
      temperature: 0,
      user: 'u',
      reasoning: { effort: 'low' },
      text: { format: { type: 'json_schema', name: 'who', schema, strict: true }, verbosity: 'low' },
      tools: [{ type: 'function', name: 'f', parameters: schema, strict: null }],
      tool_choice: { type: 'function', name: 'f' },
      parallel_tool_calls: false,
      store: true,
      metadata: { a: 'b' },
    });
    expect(request).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'Who built the mill?' }],
      max_completion_tokens: 50,
      temperature: 0,
      user: 'u',
      reasoning_effort: 'low',
      verbosity: 'low',
      response_format: { type: 'json_schema', json_schema: { name: 'who', schema, strict: true } },
      tools: [{ type: 'function', function: { name: 'f', parameters: schema } }],
      tool_choice: { type: 'function', function: { name: 'f' } },
      parallel_tool_calls: false,
      millrace: { retrieval: false },
    });
  });

  it('is nothing of tools where the only one is the search', () => {
    const { request } = question({ ...search(), tool_choice: 'required', parallel_tool_calls: true });
    expect(request).toEqual({ messages: expect.anything() as object, millrace: { retrieval: {} } });
  });

  it.each([
    ['background', true],
    ['conversation', 'conv_1'],
    ['previous_response_id', 'resp_1'],
    ['prompt', { id: 'p' }],
    ['top_logprobs', 3],
  ])('is refused with %s, by its name and with what to do', (param, value) => {
    const refusal = expect.objectContaining({ code: 'unsupported_parameter', param }) as Error;
    expect(() => question({ [param]: value })).toThrow(refusal);
    expect(() => question({ [param]: null })).not.toThrow();
  });

  it.each([
    ['include.0', { include: ['message.output_text.logprobs'] }],
    ['reasoning.summary', { reasoning: { summary: 'detailed' } }],
    ['tools.0.type', { tools: [{ type: 'web_search' }] }],
    ['tools.0.vector_store_ids.0', search({ vector_store_ids: ['vs_1'] })],
    ['tools.0.ranking_options.score_threshold', search({ ranking_options: { score_threshold: 0.5 } })],
    ['truncation', { truncation: 'auto' }],
  ])('does not fit the schema with %s', (param, request) => {
    const { error } = responseRequest.safeParse({ input: 'Hi', ...request });
    expect(complaint(error!).param).toBe(param);
  });

  it('needs words to look up', () => {
    const input = [{ role: 'user', content: [{ type: 'input_image', image_url: 'data:,' }] }];
    const nothing = expect.objectContaining({ code: 'invalid_request', param: 'input' }) as Error;
    expect(() => question({ input, ...search() })).toThrow(nothing);
    expect(() => question({ input })).not.toThrow();
    expect(() => question({ input: [{ type: 'reasoning', summary: [] }] })).toThrow(nothing);
  });
});

describe('the search in the documents', () => {
  it('is made where its tool is there and may be used', () => {
    expect(retrievalOf({})).toBe(false);
    expect(retrievalOf(search())).toEqual({});
    expect(retrievalOf({ ...search(), tool_choice: { type: 'file_search' } })).toEqual({});
    expect(retrievalOf({ ...search(), tool_choice: 'none' })).toBe(false);
  });

  it('is narrowed by the tool', () => {
    const ranking_options = { ranker: 'auto', hybrid_search: { embedding_weight: 2, text_weight: 1 } };
    expect(
      retrievalOf(search({ vector_store_ids: ['documents'], max_num_results: 3, ranking_options })),
    ).toEqual({ top_k: 3, weights: { dense: 2, sparse: 1 } });
  });

  it('has filters of its own form', () => {
    const compare = (type: string, key: string, value: unknown) => ({ type, key, value });
    const filters = {
      type: 'and',
      filters: [
        compare('eq', 'team', 'ops'),
        compare('ne', 'draft', true),
        compare('gte', 'year', 2020),
        { type: 'or', filters: [compare('in', 'tag', ['a', 'b']), compare('nin', 'tag', ['c'])] },
      ],
    };
    expect(retrievalOf(search({ filters }))).toEqual({
      filter: {
        $and: [
          { team: 'ops' },
          { $not: { draft: true } },
          { year: { gte: 2020 } },
          { $or: [{ tag: { any: ['a', 'b'] } }, { $not: { tag: { any: ['c'] } } }] },
        ],
      },
    });
  });

  it('is refused where nothing could be found by it', () => {
    const fault = expect.objectContaining({ code: 'invalid_request', param: 'tools.0' }) as Error;
    const filters = { type: 'eq', key: '$and', value: 1 };
    expect(() => question(search({ filters }))).toThrow(fault);
    const hybrid_search = { embedding_weight: 0, text_weight: 0 };
    expect(() => question(search({ ranking_options: { hybrid_search } }))).toThrow(fault);
    const twice = { tools: [...search().tools, ...search().tools] };
    expect(() => question(twice)).toThrow(expect.objectContaining({ param: 'tools.1' }) as Error);
  });

  it('is refused where it is nested without end', () => {
    let filters: object = { type: 'eq', key: 'a', value: 1 };
    for (let depth = 0; depth < 20_000; depth++) filters = { type: 'and', filters: [filters] };
    expect(responseRequest.safeParse({ input: 'Hi', ...search({ filters }) }).success).toBe(false);
  });
});
