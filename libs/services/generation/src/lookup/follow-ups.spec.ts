import type { ChatCompletionRequest } from '@millrace/contracts';
import type { Logger } from '@millrace/platform';
import type { Conversation, GenerationQuestion } from '@millrace/ports';
import type { Usage } from '../answers/answer-part.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { FollowUps, type FollowUp } from './follow-ups.ts';
import type { Routed } from '../traffic/traffic.ts';

const said = (...texts: readonly string[]): ChatCompletionRequest['messages'] =>
  texts.map((content, at) => ({ role: at % 2 === 0 ? 'user' : 'assistant', content }));
const conversation = said('Who built the Crane mill?', 'Josiah Crane.', 'When was it burnt?');

let requests: (GenerationQuestion & Partial<Conversation>)[];
let warnings: string[];
let used: Usage[];
beforeEach(() => {
  requests = [];
  warnings = [];
  used = [];
});

/** A back end that says these words, and then does not end where it stalls. */
const backEnd = (words: readonly string[], ending: 'ends' | 'stalls' | 'fails' = 'ends'): Routed => ({
  candidates: [],
  dearest: { prompt: 0, completion: 0 },
  async *generate(request, signal) {
    requests.push(request);
    for (const content of words) yield { type: 'delta', choice: 0, delta: { content } };
    if (ending === 'fails') throw new Error('no');
    if (ending === 'stalls')
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('late'))));
    yield { type: 'end', finishReasons: ['stop'] };
  },
});

async function inFull(
  messages: ChatCompletionRequest['messages'],
  routed?: Routed,
  { followUpMs = 10_000, ...more }: Partial<FollowUp> & { followUpMs?: number } = {},
): Promise<string> {
  const logger = { warn: (_: unknown, message: string) => void warnings.push(message) };
  const followUps = new FollowUps({ followUpMs } as never, logger as unknown as Logger);
  const { signal } = new AbortController();
  const onUsage = (usage: Usage) => void used.push(usage);
  const asked = { request: { messages }, routed, onUsage, signal, ...more };
  return followUps.inFull(messages.at(-1)!.content as string, asked);
}
const byWords = 'When was it burnt? built Crane mill';

describe('a follow-up question', () => {
  it('is put in full by the language model', async () => {
    const routed = backEnd(['When was the ', 'Crane mill burnt?\n']);
    expect(await inFull(conversation, routed)).toBe('When was the Crane mill burnt?');
    expect(requests).toMatchObject([{ parameters: {}, messages: [{ role: 'user' }] }]);
    expect(requests[0]!.messages![0]!.content).toContain(
      'assistant: Josiah Crane.\n\nuser: When was it burnt?',
    );
  });

  it('is given the words that it lacks where there is none, or it is not to be asked', async () => {
    expect(await inFull(conversation)).toBe(byWords);
    expect(await inFull(conversation, backEnd(['x']), { followUpMs: 0 })).toBe(byWords);
    expect(requests).toHaveLength(0);
    expect(used).toEqual([]);
  });

  it.each([
    ['is late', backEnd(['When'], 'stalls'), 1],
    ['fails', backEnd(['When'], 'fails'), 1],
    ['says nothing', backEnd([' \n']), 0],
    ['says very much', backEnd(Array<string>(400).fill('When? '), 'stalls'), 0],
  ])('and where the model %s', async (_, generator, lines) => {
    expect(await inFull(conversation, generator, { followUpMs: 50 })).toBe(byWords);
    // It was asked, and costs.
    expect(used).toMatchObject([{ estimated: true }]);
    expect(warnings).toHaveLength(lines);
  });

  it('ends when the caller goes', async () => {
    const caller = new AbortController();
    const waiting = inFull(conversation, backEnd(['x'], 'stalls'), { signal: caller.signal });
    setImmediate(() => caller.abort());
    await expect(waiting).rejects.toThrow('late');
  });
});

it('a question that stands alone, or is the first, stays as it is and costs nothing', async () => {
  const generator = backEnd(['x']);
  for (const messages of [
    said('Who built the Crane mill?', 'Josiah Crane.', 'What do herons eat?'),
    said('When was it burnt?'),
  ])
    expect(await inFull(messages, generator)).toBe(messages.at(-1)!.content);
  expect(requests).toHaveLength(0);
});
