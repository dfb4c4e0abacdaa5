import type { Usage } from '../answer-part.ts';

/** As Virtual Token Counter weighs them: a token that is made takes a model longer than one that is read. */
const weights = { prompt: 1, completion: 2 };

/** What an answer takes of the back ends, in tokens of a prompt. */
export const serviceOf = ({
  promptTokens,
  completionTokens,
}: Pick<Usage, 'promptTokens' | 'completionTokens'>): number =>
  weights.prompt * promptTokens + weights.completion * completionTokens;
