import type { ChatCompletionRequest } from '@millrace/contracts';

export type Message = ChatCompletionRequest['messages'][number];

/** What a picture, or anything else that is no text, is taken for: a thousand tokens. */
const partChars = 4_000;

/** Characters of a message as they count against the bound: its text, its tool calls, its pictures. */
export function charsOf({ content, ...fields }: Message): number {
  const calls = fields['tool_calls'] ? JSON.stringify(fields['tool_calls']).length : 0;
  if (!Array.isArray(content)) return (content?.length ?? 0) + calls;
  return content.reduce(
    (sum, { type, text }) => sum + (type === 'text' ? (text ?? '').length : partChars),
    calls,
  );
}

/** Instructions, which hold for the whole conversation wherever they stand. */
export const isInstruction = ({ role }: Message): boolean => role === 'system' || role === 'developer';
