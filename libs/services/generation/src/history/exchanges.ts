import { questionAt } from '../lookup/message-text.ts';
import { charsOf, isInstruction, type Message } from './message-size.ts';

/**
 * What the user said and everything that was said to it: messages of a conversation that are kept or left out together.
 * Instructions are not among them, nor counted.
 */
export interface Exchange {
  /** Where it begins in the conversation. */
  readonly start: number;
  readonly messages: readonly Message[];
  readonly chars: number;
}

/** What stands before the last question. Calls of tools are in one exchange with all of their results. */
export function exchangesOf(conversation: readonly Message[]): Exchange[] {
  const question = questionAt(conversation);
  const starts = startsOf(conversation, question);
  return starts.map((start, at) => {
    const messages = conversation
      .slice(start, starts[at + 1] ?? question)
      .filter((one) => !isInstruction(one));
    return { start, messages, chars: sum(messages.map(charsOf)) };
  });
}

/** Where the user begins to speak, but for places that would part a call from a result. */
function startsOf(conversation: readonly Message[], question: number): number[] {
  const calledAt = callsOf(conversation);
  const starts: number[] = [];
  // Of what is called for by the results from here on, the first.
  let earliest = Infinity;
  for (let at = conversation.length - 1; at > 0; at -= 1) {
    earliest = Math.min(earliest, calledAt.get(at) ?? Infinity);
    if (at < question && conversation[at]!.role === 'user' && earliest >= at) starts.unshift(at);
  }
  const first = conversation.findIndex((one) => !isInstruction(one));
  return first < question ? [first, ...starts.filter((start) => start > first)] : [];
}

/** Where the call was made that a message is the result of, by the place of the message. */
function callsOf(conversation: readonly Message[]): Map<number, number> {
  const made = new Map<unknown, number>();
  const calledAt = new Map<number, number>();
  for (const [at, message] of conversation.entries()) {
    for (const id of callIdsIn(message)) made.set(id, at);
    const call = made.get(message['tool_call_id']);
    if (call !== undefined) calledAt.set(at, call);
  }
  return calledAt;
}

function callIdsIn({ tool_calls: calls }: Message): unknown[] {
  if (!Array.isArray(calls)) return [];
  return calls.flatMap((call: { id?: unknown } | null) => (typeof call?.id === 'string' ? [call.id] : []));
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
