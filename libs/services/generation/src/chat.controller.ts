import { Controller, Inject } from '@nestjs/common';
import { routes, type ChatCompletion, type ChatCompletionChunk } from '@millrace/contracts';
import { EventStreamReply, HandleRoute, type RouteRequest } from '@millrace/platform';
import type { Usage } from './answer-part.ts';
import { Answerer, type Answer } from './answerer.ts';

type Request = RouteRequest<typeof routes.chatCompletions>;

/** OpenAI's chat completions and list of models. */
@Controller()
export class ChatController {
  constructor(@Inject(Answerer) private readonly answerer: Answerer) {}

  @HandleRoute(routes.chatCompletions)
  async complete(request: Request): Promise<ChatCompletion | EventStreamReply> {
    const { body, principal, requestId, signal } = request;
    const answer = this.answerer.answer({ request: body, principal, requestId, signal });
    if (body.stream !== true) return whole(answer, requestId);
    return new EventStreamReply(frames(answer, requestId, body.stream_options?.include_usage === true), {
      done: '[DONE]',
    });
  }

  @HandleRoute(routes.listModels)
  async models() {
    const names = await this.answerer.models();
    const data = names.map((id) => ({ id, object: 'model' as const, created: 0, owned_by: 'millrace' }));
    return { object: 'list' as const, data };
  }
}

const now = (): number => Math.floor(Date.now() / 1000);

async function whole(answer: AsyncIterable<Answer>, id: string): Promise<ChatCompletion> {
  let content = '';
  let generator: 'extractive' | 'model' = 'model';
  let model = '';
  for await (const part of answer) {
    if (part.type === 'start') ({ model, generator } = part);
    if (part.type === 'text') content += part.text;
    if (part.type !== 'end') continue;
    const message = { role: 'assistant' as const, content, refusal: null, annotations: [...part.citations] };
    return {
      id: `chatcmpl-${id}`,
      object: 'chat.completion',
      created: now(),
      model,
      choices: [{ index: 0, message, logprobs: null, finish_reason: part.reason }],
      usage: openAiUsage(part.usage),
      millrace: { generator, usage_estimated: part.usage.estimated },
    };
  }
  throw new Error('an answer without an end');
}

/** Role first, then text, the citations, the finish reason, and the usage where it was asked for. */
async function* frames(
  answer: AsyncIterable<Answer>,
  id: string,
  withUsage: boolean,
): AsyncGenerator<ChatCompletionChunk> {
  type Head = Pick<ChatCompletionChunk, 'id' | 'object' | 'created' | 'model'>;
  let head: Head = { id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created: now(), model: '' };
  type Delta = ChatCompletionChunk['choices'][number]['delta'];
  type Finish = ChatCompletionChunk['choices'][number]['finish_reason'];
  const frame = (
    delta: Delta,
    finish: Finish = null,
    more: Partial<ChatCompletionChunk> = {},
  ): ChatCompletionChunk => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...(withUsage && { usage: null }),
    ...more,
  });
  for await (const part of answer)
    switch (part.type) {
      case 'start':
        head = { ...head, model: part.model };
        yield frame({ role: 'assistant', content: '' }, null, { millrace: { generator: part.generator } });
        break;
      case 'text':
        yield frame({ content: part.text });
        break;
      case 'end':
        if (part.citations.length > 0) yield frame({ annotations: [...part.citations] });
        yield frame({}, part.reason);
        if (withUsage) yield { ...head, choices: [], usage: openAiUsage(part.usage) };
    }
}

const openAiUsage = ({ promptTokens, completionTokens }: Usage) => ({
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  total_tokens: promptTokens + completionTokens,
});
