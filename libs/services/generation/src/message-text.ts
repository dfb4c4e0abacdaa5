import { visible, type ChatCompletionRequest } from '@millrace/contracts';

type Message = ChatCompletionRequest['messages'][number];

/** The words of a message: its text, or its text parts. */
const messageText = ({ content }: Message): string =>
  typeof content === 'string' ? content : (content ?? []).map(({ text }) => text ?? '').join('\n');

/** Where the question stands: the last thing the user said; -1 when the user said nothing. */
export const questionAt = (messages: readonly Message[]): number =>
  messages.findLastIndex(({ role }) => role === 'user');

/** What is asked: nothing, when there is nothing in it to see. */
export function questionIn(messages: readonly Message[]): string {
  const last = messages[questionAt(messages)];
  const text = last ? messageText(last) : '';
  const start = text.search(visible);
  return start < 0 ? '' : text.slice(start).trim();
}

/** Everything the user said, and tools on his behalf: what moderation has to see. */
export const saidByUser = (messages: readonly Message[]): string =>
  messages
    .filter(({ role }) => role === 'user' || role === 'tool' || role === 'function')
    .map(messageText)
    .join('\n\n');
