import { visible, type ChatCompletionRequest } from '@millrace/contracts';

/** One thing that was said in a conversation. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

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

/** What user and assistant said in words, as far as the question. */
export const turnsOf = (messages: readonly Message[]): Turn[] =>
  messages.slice(0, questionAt(messages) + 1).flatMap((message) => {
    const { role } = message;
    const text = messageText(message).trim();
    return (role === 'user' || role === 'assistant') && visible.test(text) ? [{ role, text }] : [];
  });
