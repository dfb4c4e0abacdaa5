import { chatCompletion, chatCompletionChunk, chatCompletionRequest, chatSteering } from './chat.ts';
import { completion, completionChunk, completionRequest } from './completions.ts';
import { responseEvent } from './response-events.ts';
import { responseRequest } from './response-request.ts';
import { response } from './responses.ts';
import { route, type RouteSpec } from './route-spec.ts';

/** The routes of OpenAI that answer with what a language model says, or with extracts. */
export const answerRoutes = {
  chatCompletions: route({
    service: 'generation',
    method: 'POST',
    path: '/v1/chat/completions',
    summary:
      'Answer from the documents, with citations. OpenAI’s chat completions, streamed or whole. Where the tenant has a ' +
      'quota, the headers `x-ratelimit-limit-requests`, `-remaining-requests` and `-reset-requests`, and the same with ' +
      '`-tokens`, say how much of it is left. Where answers are kept, `x-millrace-cache` says whether this one was (`hit`), ' +
      'was being made for somebody else (`shared`), or is new (`miss`).',
    right: 'read',
    headers: chatSteering,
    body: chatCompletionRequest,
    status: 200,
    response: chatCompletion,
    frame: chatCompletionChunk,
  }),
  completions: route({
    service: 'generation',
    method: 'POST',
    path: '/v1/completions',
    summary:
      'Continue a text, or fill the gap before a suffix, by a language model; no documents are looked up. OpenAI’s ' +
      'completions, streamed or whole, with the headers of chat completions.',
    right: 'read',
    headers: chatSteering,
    body: completionRequest,
    status: 200,
    response: completion,
    frame: completionChunk,
  }),
  responses: route({
    service: 'generation',
    method: 'POST',
    path: '/v1/responses',
    summary:
      'Answer in OpenAI’s responses, streamed or whole: with the tool `file_search` from the documents, with citations. ' +
      'Nothing is stored. The headers are those of chat completions.',
    right: 'read',
    headers: chatSteering,
    body: responseRequest,
    status: 200,
    response,
    frame: responseEvent,
  }),
} satisfies Record<string, RouteSpec>;
