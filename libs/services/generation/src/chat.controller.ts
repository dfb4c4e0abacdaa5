import { Controller, Inject } from '@nestjs/common';
import { MillraceError, routes, type ChatCompletion } from '@millrace/contracts';
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
    return { object: 'list' as const, data: (await this.answerer.models()).map(modelEntry) };
  }

  @HandleRoute(routes.getModel)
  async model({ params }: RouteRequest<typeof routes.getModel>) {
    if (!(await this.answerer.models()).includes(params.model))
      throw new MillraceError('model_not_found', { param: 'model' });
    return modelEntry(params.model);
  }
}

const modelEntry = (id: string) => ({ id, object: 'model' as const, created: 0, owned_by: 'millrace' });
