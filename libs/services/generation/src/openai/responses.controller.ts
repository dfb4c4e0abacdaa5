import { Controller, Inject } from '@nestjs/common';
import { routes, type Response } from '@millrace/contracts';
import { EventStreamReply, HandleRoute, type RouteRequest } from '@millrace/platform';
import { steeringOf } from './answer-request.ts';
import { Answerer } from '../answers/answerer.ts';
import { namingFaults } from './named-faults.ts';
import { responseHead } from './responses/response-head.ts';
import { responseFields, responseQuestion } from './responses/response-question.ts';
import { responseEvents, wholeResponse } from './responses/response-wire.ts';
import { ToldResponse } from './responses/told-response.ts';

/** OpenAI's responses. */
@Controller()
export class ResponsesController {
  constructor(@Inject(Answerer) private readonly answerer: Answerer) {}

  @HandleRoute(routes.responses)
  async respond(request: RouteRequest<typeof routes.responses>): Promise<Response | EventStreamReply> {
    const { body, requestId } = request;
    const asked = { ...steeringOf(request), ...responseQuestion(body) };
    const answer = namingFaults(this.answerer.answer(asked), responseFields);
    const told = new ToldResponse(responseHead(body, requestId), requestId);
    if (body.stream !== true) return wholeResponse(answer, told);
    return new EventStreamReply(responseEvents(answer, told), { named: true });
  }
}
