import { documentStore, type Response, type ResponseRequest } from '@millrace/contracts';
import { now } from '../openai-wire.ts';

/** What a response says of its request, and that it is under way. */
export function responseHead(asked: ResponseRequest, requestId: string): Response {
  const { format = { type: 'text' as const }, verbosity } = asked.text ?? {};
  return {
    id: `resp_${requestId}`,
    object: 'response',
    created_at: now(),
    completed_at: null,
    status: 'in_progress',
    incomplete_details: null,
    error: null,
    model: asked.model ?? '',
    output: [],
    instructions: asked.instructions ?? null,
    max_output_tokens: asked.max_output_tokens ?? null,
    metadata: asked.metadata ?? {},
    parallel_tool_calls: asked.parallel_tool_calls ?? true,
    previous_response_id: null,
    reasoning: { effort: asked.reasoning?.effort ?? null, summary: asked.reasoning?.summary ?? null },
    store: false,
    temperature: asked.temperature ?? null,
    text: { format, ...(verbosity && { verbosity }) },
    tool_choice: asked.tool_choice ?? 'auto',
    tools: (asked.tools ?? []).map(shownTool),
    top_p: asked.top_p ?? null,
    truncation: 'disabled',
    millrace: { generator: 'model' },
  };
}

type Tool = NonNullable<ResponseRequest['tools']>[number];

function shownTool(tool: Tool): Response['tools'][number] {
  if (tool.type === 'function')
    return { ...tool, parameters: tool.parameters ?? null, strict: tool.strict ?? null };
  const { max_num_results, filters, ranking_options } = tool;
  return {
    type: 'file_search',
    vector_store_ids: [documentStore],
    ...(max_num_results && { max_num_results }),
    ...(filters && { filters }),
    ...(ranking_options && { ranking_options }),
  };
}
