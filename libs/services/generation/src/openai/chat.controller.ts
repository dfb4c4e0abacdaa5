import { Controller, Inject } from '@nestjs/common';
import { MillraceError, routes, type ChatCompletion, type Model } from '@millrace/contracts';
import { EventStreamReply, HandleRoute, type RouteRequest } from '@millrace/platform';
import { steeringOf } from './answer-request.ts';
import { Answerer } from '../answers/answerer.ts';
import { ModelList } from './model-list.ts';
import { chatCompletion, chatCompletionFrames } from './openai-wire.ts';

/** OpenAI's chat completions and list of models. */
@Controller()
export class ChatController {
  constructor(
    @Inject(Answerer) private readonly answerer: Answerer,
    @Inject(ModelList) private readonly list: ModelList,
  ) {}

  @HandleRoute(routes.chatCompletions)
  async complete(
    request: RouteRequest<typeof routes.chatCompletions>,
  ): Promise<ChatCompletion | EventStreamReply> {
    const { body, requestId } = request;
    const answer = this.answerer.answer({ ...steeringOf(request), request: body });
    if (body.stream !== true) return chatCompletion(answer, requestId);
    const withUsage = body.stream_options?.include_usage === true;
    return new EventStreamReply(chatCompletionFrames(answer, requestId, withUsage), { done: '[DONE]' });
  }

  @HandleRoute(routes.listModels)
  async models({ signal }: RouteRequest<typeof routes.listModels>) {
    return { object: 'list' as const, data: await this.list.all(signal) };
  }

  @HandleRoute(routes.getModel)
  async model({ params, signal }: RouteRequest<typeof routes.getModel>): Promise<Model> {
    const found = (await this.list.all(signal)).find(({ id }) => id === params.model);
    if (!found) throw new MillraceError('model_not_found', { param: 'model' });
    return found;
  }
}
