import { Controller, Inject } from '@nestjs/common';
import { MillraceError, routes, type Completion } from '@millrace/contracts';
import { EventStreamReply, HandleRoute, type RouteRequest } from '@millrace/platform';
import { steeringOf } from './answer-request.ts';
import { Answerer } from '../answers/answerer.ts';
import { namingFaults } from './named-faults.ts';
import { textFields, textQuestion } from './text-question.ts';
import { textCompletion, textCompletionFrames } from './text-wire.ts';
import { Traffic } from '../traffic/traffic.ts';

/** OpenAI's completions. */
@Controller()
export class CompletionsController {
  constructor(
    @Inject(Answerer) private readonly answerer: Answerer,
    @Inject(Traffic) private readonly traffic: Traffic,
  ) {}

  @HandleRoute(routes.completions)
  async complete(request: RouteRequest<typeof routes.completions>): Promise<Completion | EventStreamReply> {
    const { body, requestId } = request;
    const question = textQuestion(body);
    if (this.traffic.isEmpty) throw new MillraceError('language_model_missing');
    const answer = namingFaults(this.answerer.answer({ ...steeringOf(request), ...question }), textFields);
    if (body.stream !== true) return textCompletion(answer, requestId);
    const withUsage = body.stream_options?.include_usage === true;
    return new EventStreamReply(textCompletionFrames(answer, requestId, withUsage), { done: '[DONE]' });
  }
}
