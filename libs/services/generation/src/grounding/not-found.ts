import type { AnswerPart } from '../answers/answer-part.ts';

/** Where the request names no model. */
const nobody = 'millrace';
const text = 'I could not find this in the documents.';

/** The answer where what was found is too weak to answer from. Nobody is asked, so it took no tokens. */
export const notFound = (model: string) => ({
  sources: [],
  parts: [
    { type: 'start', model: model || nobody },
    { type: 'text', channel: 'content', text },
    { type: 'end', reason: 'stop', usage: { promptTokens: 0, completionTokens: 0, estimated: false } },
  ] satisfies AnswerPart[],
  unanswered: 'weak_retrieval' as const,
});
