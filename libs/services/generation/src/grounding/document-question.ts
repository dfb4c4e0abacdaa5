import type { ChatCompletionRequest } from '@millrace/contracts';
import { analyseTerms } from '@millrace/text';
import { questionAt } from '../lookup/message-text.ts';

/** With fewer words that say something it may be a greeting, with more a text to work on. */
const terms = { fewest: 2, most: 64 };
/** Share of them that the conversation itself has, from which on it may be answered from that. */
const inConversation = 0.5;

/** English, as `analyseTerms` has them: said to be polite, or about the conversation. */
const saidInPassing = new Set(
  analyseTerms(
    'hello hi hey good morning afternoon evening day today night bye goodbye welcome nice meet fine great cool perfect ' +
      'thank thanks lot much sorry please ok okay yes sure help helps helped answer question reply say tell previous last ' +
      'above conversation chat word words sentence sentences bullet list short shorter long longer simple simpler again ' +
      'repeat rephrase rewrite summarise summarize translate explain continue',
  ),
);

type Message = ChatCompletionRequest['messages'][number];

/**
 * What of a question the documents have to answer: its words, each once. Undefined where it may be answered without them:
 * by a tool, by what the conversation has itself, a system message too, or because it asks nothing; or where a plain
 * sentence would be no answer.
 */
export function wordsForDocuments(
  { messages, tools, response_format }: ChatCompletionRequest,
  question: string,
): string[] | undefined {
  const at = questionAt(messages);
  if (isUsed(tools) || messages.some(isOfTool) || hasMoreThanText(messages[at]) || isShaped(response_format))
    return undefined;
  const asked = [...new Set(analyseTerms(question))].filter((term) => !saidInPassing.has(term));
  if (asked.length < terms.fewest || asked.length > terms.most) return undefined;
  const others = new Set(
    messages.flatMap((message, place) => (place === at ? [] : analyseTerms(textIn(message)))),
  );
  return asked.filter((term) => others.has(term)).length < inConversation * asked.length ? asked : undefined;
}

const isUsed = (tools: unknown): boolean => Array.isArray(tools) && tools.length > 0;

const isOfTool = ({ role }: Message): boolean => role === 'tool' || role === 'function';

const hasMoreThanText = (message: Message | undefined): boolean =>
  Array.isArray(message?.content) && message.content.some(({ type }) => type !== 'text');

const isShaped = (format: unknown): boolean =>
  ((format as { type?: unknown } | null | undefined)?.type ?? 'text') !== 'text';

const textIn = ({ content }: Message): string =>
  typeof content === 'string' ? content : (content ?? []).map(({ text }) => text ?? '').join('\n');
