import type { ChatCompletion, ChatCompletionChunk } from '@millrace/contracts';
import type { TextPart, ToolPart, Usage } from '../answers/answer-part.ts';
import type { Answer } from '../answers/answer.ts';

export const now = (): number => Math.floor(Date.now() / 1000);

export const openAiUsage = ({ promptTokens, completionTokens, cachedTokens }: Usage) => ({
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  total_tokens: promptTokens + completionTokens,
  ...(cachedTokens !== undefined && { prompt_tokens_details: { cached_tokens: cachedTokens } }),
});

interface ToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; arguments: string };
}

/** The whole answer as one OpenAI chat completion. */
export async function chatCompletion(answer: AsyncIterable<Answer>, id: string): Promise<ChatCompletion> {
  const texts = { content: '', reasoning: '', refusal: '' };
  const calls = new Map<number, ToolCall>();
  let start: Start = { type: 'start', model: '', generator: 'model' };
  for await (const part of answer) {
    if (part.type === 'start') start = part;
    else if (part.type === 'tool') calls.set(part.index, newCall(part));
    else if (part.type === 'text') addText(part, texts, calls);
    else
      return {
        id: `chatcmpl-${id}`,
        object: 'chat.completion',
        created: now(),
        model: start.model,
        choices: [
          {
            index: 0,
            message: {
              role: 'assistant',
              content: texts.content === '' && calls.size > 0 ? null : texts.content,
              refusal: texts.refusal || null,
              ...(texts.reasoning && { reasoning_content: texts.reasoning }),
              ...(calls.size > 0 && { tool_calls: inOrder(calls) }),
              annotations: [...part.citations],
            },
            logprobs: null,
            finish_reason: part.reason,
          },
        ],
        ...servedIn(start),
        usage: openAiUsage(part.usage),
        millrace: { ...provenanceOf(start), usage_estimated: part.usage.estimated, ...groundsIn(part) },
      };
  }
  throw new Error('an answer without an end');
}

const newCall = ({ id, name }: ToolPart): ToolCall => ({
  id,
  type: 'function',
  function: { name, arguments: '' },
});

const inOrder = (calls: ReadonlyMap<number, ToolCall>): ToolCall[] =>
  [...calls].sort(([a], [b]) => a - b).map(([, call]) => call);

function addText(
  { channel, text }: TextPart,
  texts: { content: string; reasoning: string; refusal: string },
  calls: ReadonlyMap<number, ToolCall>,
): void {
  if (channel === 'content' || channel === 'reasoning' || channel === 'refusal') texts[channel] += text;
  else {
    const call = calls.get(toolIndex(channel));
    if (call) call.function.arguments += text;
  }
}

const toolIndex = (channel: `tool:${number}`): number => Number(channel.slice('tool:'.length));

type Delta = ChatCompletionChunk['choices'][number]['delta'];

/** OpenAI's frames: the role first, then what it says, the citations, the finish reason, and the usage where it was asked for. */
export async function* chatCompletionFrames(
  answer: AsyncIterable<Answer>,
  id: string,
  withUsage: boolean,
): AsyncGenerator<ChatCompletionChunk> {
  const head: Head = { id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created: now(), model: '' };
  let provenance: ChatCompletionChunk['millrace'];
  const frame = (
    delta: Delta,
    finish_reason: ChatCompletionChunk['choices'][number]['finish_reason'] = null,
  ): ChatCompletionChunk => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason }],
    ...(withUsage && { usage: null }),
  });
  for await (const part of answer)
    switch (part.type) {
      case 'start':
        Object.assign(head, { model: part.model, ...servedIn(part) });
        provenance = provenanceOf(part);
        yield { ...frame({ role: 'assistant', content: '' }), millrace: provenance };
        break;
      case 'text':
      case 'tool':
        yield frame(deltaOf(part));
        break;
      case 'end':
        if (part.citations.length > 0) yield frame({ annotations: [...part.citations] });
        yield {
          ...frame({}, part.reason),
          ...(provenance && part.groundedness && { millrace: { ...provenance, ...groundsIn(part) } }),
        };
        if (withUsage) yield { ...head, choices: [], usage: openAiUsage(part.usage) };
    }
}

type Head = Omit<ChatCompletionChunk, 'choices'>;
export type Start = Extract<Answer, { type: 'start' }>;

export const provenanceOf = ({ generator, backend, rerank, history, support, unanswered }: Start) => ({
  generator,
  ...(backend !== undefined && { backend }),
  ...(rerank && { rerank }),
  ...(history && { history: historyOf(history) }),
  ...(support !== undefined && { support }),
  ...(unanswered && { unanswered }),
});

const historyOf = ({ leftOut: left_out, ...counts }: NonNullable<Start['history']>) => ({
  ...counts,
  left_out,
});

export const groundsIn = ({ groundedness }: Extract<Answer, { type: 'end' }>) =>
  groundedness && { groundedness };

const servedIn = ({ tier }: Start) => tier && { service_tier: tier };

function deltaOf(part: TextPart | ToolPart): Delta {
  if (part.type === 'tool') {
    const { index, id, name } = part;
    return { tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] };
  }
  const { channel, text } = part;
  switch (channel) {
    case 'content':
      return { content: text };
    // The name that DeepSeek and vLLM gave it; OpenAI has none.
    case 'reasoning':
      return { reasoning_content: text };
    case 'refusal':
      return { refusal: text };
    default:
      return { tool_calls: [{ index: toolIndex(channel), function: { arguments: text } }] };
  }
}
