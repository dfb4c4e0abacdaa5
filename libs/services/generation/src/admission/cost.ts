import type { ChatCompletionRequest } from '@millrace/contracts';
import type { SettingsOf } from '@millrace/platform';
import type { ChatMessage, Price, QuotaCost } from '@millrace/ports';
import { estimateTokens, type Usage } from '../answers/answer-part.ts';
import type { generationSettings } from '../generation-settings.ts';
import { charsIn } from '../model/model-answerer.ts';

type Tokens = Pick<Usage, 'promptTokens' | 'completionTokens'>;

/** In millionths of the currency, which is what one token has of the price of a million. */
export const spendOn = ({ promptTokens, completionTokens }: Tokens, { prompt, completion }: Price): number =>
  promptTokens * prompt + completionTokens * completion;

/** What an answer of so many tokens costs. */
export const costOf = (tokens: Tokens, price: Price): QuotaCost => ({
  requests: 1,
  tokens: countable(tokens.promptTokens + tokens.completionTokens),
  spend: countable(spendOn(tokens, price)),
});

/** Requests and back ends may say any number. */
const countable = (amount: number): number => Math.min(Math.ceil(amount), 2 ** 52);

/**
 * What an answer may take: its messages and tools, as much of documents as a prompt may hold, and as long an answer as the
 * request allows or, where it does not say, as is usual.
 */
export function expectedTokens(
  request: ChatCompletionRequest,
  { sourceChars, answerTokens }: Pick<SettingsOf<typeof generationSettings>, 'sourceChars' | 'answerTokens'>,
): Tokens {
  const tools = request.tools === undefined ? '' : JSON.stringify(request.tools);
  const sources = request.millrace?.retrieval === false ? 0 : sourceChars;
  const chars = charsIn(request.messages as readonly ChatMessage[]) + tools.length + sources;
  return {
    promptTokens: estimateTokens(chars),
    completionTokens: request.max_completion_tokens ?? request.max_tokens ?? answerTokens,
  };
}
