import { MillraceError, type ChatCompletionRequest, type CompletionRequest } from '@millrace/contracts';
import type { TextToContinue } from '@millrace/ports';
import { extractiveModel } from '../extracts/extractive-answerer.ts';
import { isUsual } from '../model/model-answerer.ts';

/** What is refused by its name, with what to do. */
const refused: Readonly<Record<string, string>> = {
  echo: 'put the prompt before the text yourself',
  logprobs: 'tokens cannot be moderated one by one',
  max_completion_tokens: 'it is called max_tokens here',
  messages: 'send a prompt, or the messages to /v1/chat/completions',
  tools: 'tools are called by /v1/chat/completions and /v1/responses',
  tool_choice: 'tools are called by /v1/chat/completions and /v1/responses',
};

/** The fields of a completion, by those of the chat that it is asked as. */
export const textFields = { messages: 'prompt' };

/**
 * How a text is asked to be continued: to all but the back end it is what a user says who wants no documents, so that it is
 * moderated, counted and recorded like any question.
 */
export function textQuestion(asked: CompletionRequest): {
  readonly request: ChatCompletionRequest;
  readonly text: TextToContinue;
} {
  refuse(asked);
  const { prompt: given, suffix, n, best_of, echo, logprobs, ...parameters } = asked;
  const prompt = typeof given === 'string' ? given : given[0]!;
  const messages = [prompt, ...(suffix ? [suffix] : [])].map((content) => ({
    role: 'user' as const,
    content,
  }));
  const request: ChatCompletionRequest = { ...parameters, messages, millrace: { retrieval: false } };
  return { request, text: textIn(request) };
}

/** The text that a chat stands for. */
export function textIn({ messages }: ChatCompletionRequest): TextToContinue {
  const [prompt = '', suffix] = messages.map(({ content }) => content as string);
  return { prompt, ...(suffix && { suffix }) };
}

function refuse(asked: CompletionRequest): void {
  const param = Object.keys(refused).find((name) => !isUsual(asked[name]));
  if (param !== undefined)
    throw new MillraceError('unsupported_parameter', { param, detail: refused[param] });
  if (asked.model === extractiveModel)
    throw new MillraceError('unsupported_parameter', {
      param: 'model',
      detail: 'extracts of documents continue no text: name a language model',
    });
}
