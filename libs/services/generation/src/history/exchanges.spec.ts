import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exchangesOf } from './exchanges.ts';
import type { Message } from './message-size.ts';

const call = (...ids: string[]): Message => ({
  role: 'assistant',
  content: null,
  tool_calls: ids.map((id) => ({ id, type: 'function', function: { name: 'grind', arguments: '{}' } })),
});
const result = (id: string): Message => ({ role: 'tool', tool_call_id: id, content: 'spelt' });
const user: Message = { role: 'user', content: 'And?' };
const assistant: Message = { role: 'assistant', content: 'So.' };
const system: Message = { role: 'system', content: 'Be brief.' };

const startsIn = (...messages: Message[]) => exchangesOf(messages).map(({ start }) => start);

describe('exchanges', () => {
  it('begin where the user speaks, and end before the question', () => {
    expect(startsIn(system, user, assistant, user, assistant, user)).toEqual([1, 3]);
    expect(startsIn(assistant, user, assistant, user, assistant)).toEqual([0, 1]);
  });

  it('are none where nothing stands before the question, or nobody asks', () => {
    for (const conversation of [[user], [system, user, assistant], [system], [assistant]])
      expect(startsIn(...conversation)).toEqual([]);
  });

  it('have no instructions, and count what is no text', () => {
    const picture = { type: 'image_url', image_url: { url: 'data:,' } };
    const [first] = exchangesOf([
      { ...user, content: [{ type: 'text', text: 'This?' }, picture] },
      system,
      user,
    ]);
    expect(first!.messages).toHaveLength(1);
    expect(first!.chars).toBe(4_005);
  });

  it('have a call with its results, wherever these stand', () => {
    expect(startsIn(user, call('a'), result('a'), user, assistant, user)).toEqual([0, 3]);
    expect(startsIn(user, call('a', 'b'), result('a'), user, result('b'), user, user)).toEqual([0, 5]);
    expect(startsIn(user, assistant, user, call('a'), user, user, result('a'))).toEqual([0, 2]);
    // The second of its id, whose own result follows.
    expect(startsIn(user, call('a'), result('a'), user, call('a'), result('a'), user)).toEqual([0, 3]);
  });

  it('never part a call from a result, whatever the order', () => {
    const some = fc.constantFrom(user, assistant, system, call('a'), call('b'), result('a'), result('b'));
    fc.assert(
      fc.property(fc.array(some, { maxLength: 30 }), (conversation) => {
        const calls = new Map<unknown, number>();
        const starts = startsIn(...conversation);
        for (const [at, message] of conversation.entries()) {
          const id = message['tool_call_id'];
          const made = calls.get(id);
          if (made !== undefined) expect(starts.filter((start) => made < start && start <= at)).toEqual([]);
          for (const { id: own } of (message['tool_calls'] ?? []) as { id: string }[]) calls.set(own, at);
        }
      }),
    );
  });
});
