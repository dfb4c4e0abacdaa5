import { Controller, Inject } from '@nestjs/common';
import { routes, type ChatCompletion } from '@millrace/contracts';
import { EventStreamReply, HandleRoute, type RouteRequest } from '@millrace/platform';
import { Answerer } from './answerer.ts';
import { chatCompletion, chatCompletionFrames } from './openai-wire.ts';

/** OpenAI's chat completions and list of models. */
@Controller()
export class ChatController {
  constructor(@Inject(Answerer) private readonly answerer: Answerer) {}

  @HandleRoute(routes.chatCompletions)
  async complete(
    request: RouteRequest<typeof routes.chatCompletions>,
  ): Promise<ChatCompletion | EventStreamReply> {
    const { body, principal, requestId, signal } = request;
    const answer = this.answerer.answer({ request: body, principal, requestId, signal });
    if (body.stream !== true) return chatCompletion(answer, requestId);
    const withUsage = body.stream_options?.include_usage === true;
    return new EventStreamReply(chatCompletionFrames(answer, requestId, withUsage), { done: '[DONE]' });
  }

  @HandleRoute(routes.listModels)
  async models() {
    const names = await this.answerer.models();
    const data = names.map((id) => ({ id, object: 'model' as const, created: 0, owned_by: 'millrace' }));
    return { object: 'list' as const, data };
  }
}
