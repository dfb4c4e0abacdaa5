import type { ChatCompletionRequest } from '@millrace/contracts';

type Message = ChatCompletionRequest['messages'][number];

/** The words of a message: its text, or its text parts. */
export const messageText = ({ content }: Message): string =>
  typeof content === 'string' ? content : (content ?? []).map(({ text }) => text ?? '').join('\n');

/** What is asked: the last thing the user said. */
export function questionIn(messages: readonly Message[]): string {
  const last = messages.findLast(({ role }) => role === 'user');
  return last ? messageText(last).trim() : '';
}
