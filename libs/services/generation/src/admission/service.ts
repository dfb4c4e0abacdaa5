import type { Usage } from '../answers/answer-part.ts';

type Tokens = Pick<Usage, 'promptTokens' | 'completionTokens'>;

/** As Virtual Token Counter weighs them: a token that is made takes a model longer than one that is read. */
const weights = { prompt: 1, completion: 2 };

/** Requests and back ends may say any number, and what a tenant is ahead stays with it. */
const most = 10_000_000;

/** What an answer takes of the back ends, in tokens of a prompt. */
export const serviceOf = ({ promptTokens, completionTokens }: Tokens): number =>
  Math.min(weights.prompt * promptTokens + weights.completion * completionTokens, most);
