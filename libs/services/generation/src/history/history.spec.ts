import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Logger } from '@millrace/platform';
import type { Conversation as Asked, GenerationQuestion } from '@millrace/ports';
import type { Usage } from '../answers/answer-part.ts';
import type { Routed } from '../traffic/traffic.ts';
import { sum } from './exchanges.ts';
import { History, type Conversation } from './history.ts';
import { charsOf, type Message } from './message-size.ts';

const boundChars = 4_000;
const system: Message = { role: 'system', content: 'Be brief.' };
const turn = (at: number, chars = 600): Message[] => [
  { role: 'user', content: `Q${at} ${'q'.repeat(chars / 2)}` },
  { role: 'assistant', content: `A${at} ${'a'.repeat(chars / 2)}` },
];
const question: Message = { role: 'user', content: 'And when was it burnt?' };
/** So many turns of some 600 characters, and a question. */
const conversation = (turns: number): Message[] => [
  system,
  ...Array.from({ length: turns }, (_, at) => turn(at)).flat(),
  question,
];

let requests: (GenerationQuestion & Partial<Asked>)[];
let used: Usage[];
let warnings: string[];
beforeEach(() => {
  requests = [];
  used = [];
  warnings = [];
});

const promptOf = (at: number): string => requests[at]!.messages![0]!.content as string;

/** A back end that says these words, and then does not end where it stalls. */
const backEnd = (words: string, ending: 'ends' | 'stalls' | 'fails' = 'ends'): Routed => ({
  candidates: [],
  dearest: { prompt: 0, completion: 0 },
  async *generate(request, signal) {
    requests.push(request);
    yield { type: 'delta', choice: 0, delta: { content: words } };
    if (ending === 'fails') throw new Error('no');
    if (ending === 'stalls')
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('late'))));
    yield { type: 'end', finishReasons: ['stop'], usage: { promptTokens: 900, completionTokens: 9 } };
  },
});

function historyOf(settings: object = {}): History {
  const logger = { warn: (_: unknown, message: string) => void warnings.push(message) };
  const some = { historyTokens: 1_000, historySummaryMinutes: 10, historySummaryMs: 10_000, ...settings };
  return new History(some as never, logger as unknown as Logger);
}

const asked = (messages: Message[], routed: Routed, more: Partial<Conversation> = {}): Conversation => ({
  ...{ messages, routed, model: undefined, backEnd: undefined },
  principal: { tenant: 'default', name: 'user:a', groups: [], rights: ['read'] },
  onUsage: (usage) => void used.push(usage),
  signal: new AbortController().signal,
  ...more,
});

describe('a short conversation', () => {
  it.each([
    ['within the bound', conversation(6), {}],
    ['without a bound', conversation(60), { historyTokens: 0 }],
    ['of one long turn', [system, ...turn(0, 9_000), question], {}],
    ['that is all question', [{ role: 'user' as const, content: 'q'.repeat(9_000) }], {}],
  ])('%s stays as it is and costs nothing', async (_, messages, settings) => {
    const shown = await historyOf(settings).within(asked(messages, backEnd('x')));
    expect(shown).toEqual({ messages });
    expect(requests).toEqual([]);
  });
});

describe('a long conversation', () => {
  it('has its beginning summarised, as data, in the first turn that stays', async () => {
    const messages = conversation(7);
    const shown = await historyOf().within(asked(messages, backEnd(' The mill. ')));
    expect(shown.history).toEqual({ kept: 6, summarised: 8, leftOut: 0 });
    expect(shown.messages).toHaveLength(8);
    expect(shown.messages[0]).toBe(system);
    expect(shown.messages.slice(2)).toEqual(messages.slice(10));
    expect(shown.messages[1]).toMatchObject({ role: 'user' });
    expect(shown.messages[1]!.content).toMatch(
      /<summary-(\w{12})>\nThe mill\.\n<\/summary-\1>\n\nThe conversation goes on:\nQ4 /,
    );
    expect(requests).toMatchObject([{ parameters: {}, messages: [{ role: 'user' }] }]);
    expect(promptOf(0)).toContain('Q0');
    expect(promptOf(0)).not.toContain('Q4');
    expect(used).toEqual([{ promptTokens: 900, completionTokens: 9, estimated: false }]);
  });

  it('is not summarised again until it has outgrown its bound again, and then goes on from there', async () => {
    const history = historyOf();
    const routed = backEnd('The mill.');
    const shown = [];
    for (const turns of [7, 8, 9, 10]) shown.push(await history.within(asked(conversation(turns), routed)));
    expect(requests).toHaveLength(2);
    expect(shown.map(({ history: one }) => one)).toEqual([
      { kept: 6, summarised: 8, leftOut: 0 },
      { kept: 8, summarised: 8, leftOut: 0 },
      { kept: 6, summarised: 12, leftOut: 0 },
      { kept: 8, summarised: 12, leftOut: 0 },
    ]);
    // The same to the letter: servers remember prompts that begin alike.
    expect(shown[1]!.messages.slice(0, 7)).toEqual(shown[0]!.messages.slice(0, 7));
    expect(promptOf(1)).toContain('The mill.');
    expect(promptOf(1)).not.toContain('Q3');
    expect(promptOf(1)).toContain('Q4');
  });

  it('is summarised for each question where summaries are not kept, and for each who asks', async () => {
    const ask = async (history: History, more: Partial<Conversation> = {}) =>
      history.within(asked(conversation(7), backEnd('x'), more));
    const forgetful = historyOf({ historySummaryMinutes: 0 });
    await ask(forgetful);
    await ask(forgetful);
    expect(requests).toHaveLength(2);
    const history = historyOf();
    await ask(history);
    const { principal } = asked([], backEnd(''));
    await ask(history, { principal: { ...principal, tenant: 'other' } });
    expect(requests).toHaveLength(4);
  });

  it('has no more of a summary than there is room for', async () => {
    const { messages } = await historyOf().within(
      asked(conversation(7), backEnd('s'.repeat(5_000), 'stalls')),
    );
    expect(messages[1]!.content).toContain(`\n${'s'.repeat(600)}\n`);
    expect(used).toMatchObject([{ estimated: true }]);
  });

  it.each([
    ['is late', backEnd('x', 'stalls'), {}, 1],
    ['has no time within the budget', backEnd('x', 'stalls'), { historySummaryMs: 600_000, budgetMs: 60 }, 1],
    ['fails', backEnd('x', 'fails'), {}, 1],
    ['says nothing', backEnd(' \n'), {}, 0],
  ])(
    'loses its oldest turns where the model %s, and tells so',
    async (_, routed, { budgetMs, ...settings }: { budgetMs?: number }, lines) => {
      const history = historyOf({ historySummaryMs: 30, ...settings });
      const messages = conversation(7);
      const shown = await history.within(asked(messages, routed, { budgetMs }));
      expect(shown.history).toEqual({ kept: 6, summarised: 0, leftOut: 8 });
      expect(shown.messages[1]!.content).toMatch(
        /^The 8 oldest messages of this conversation are left out\.\n/,
      );
      expect(shown.messages.slice(2)).toEqual(messages.slice(10));
      expect(warnings).toHaveLength(lines);
      // It was asked, and costs; the next turn does not wait for it again.
      expect(used).toHaveLength(1);
      await history.within(asked(conversation(8), routed));
      expect(requests).toHaveLength(1);
    },
  );

  it('loses them where nobody is to be asked', async () => {
    const shown = await historyOf({ historySummaryMs: 0 }).within(asked(conversation(7), backEnd('x')));
    expect(shown.history).toEqual({ kept: 6, summarised: 0, leftOut: 8 });
    expect(requests).toEqual([]);
  });

  it('keeps the summary it has where the next one fails, and tells what is missing', async () => {
    const history = historyOf();
    await history.within(asked(conversation(7), backEnd('The mill.')));
    const shown = await history.within(asked(conversation(9), backEnd('x', 'fails')));
    expect(shown.history).toEqual({ kept: 6, summarised: 8, leftOut: 4 });
    expect(shown.messages[1]!.content).toContain('without 4 of its messages');
    expect(shown.messages[1]!.content).toContain('The mill.');
  });

  it('ends when the caller goes', async () => {
    const caller = new AbortController();
    const { signal } = caller;
    const waiting = historyOf().within(asked(conversation(7), backEnd('x', 'stalls'), { signal }));
    setImmediate(() => caller.abort());
    await expect(waiting).rejects.toThrow('late');
  });

  it('keeps pictures that stand in the turns that stay', async () => {
    const picture = { type: 'image_url', image_url: { url: 'data:,' } };
    const pictured: Message = { role: 'user', content: [{ type: 'text', text: 'This?' }, picture] };
    const messages = [...turn(0), pictured, { role: 'assistant' as const, content: 'A mill.' }, question];
    const shown = await historyOf().within(asked(messages, backEnd('The mill.')));
    expect(shown.messages[0]!.content).toEqual([
      { type: 'text', text: expect.stringContaining('The mill.') as string },
      ...(pictured.content as object[]),
    ]);
  });

  it('never is over its bound, in another order, or without its question', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 20 });
    const property = fc.asyncProperty(sizes, fc.boolean(), async (some, answers) => {
      const messages = [system, ...some.flatMap((chars, at) => turn(at, chars)), system, question];
      const routed = backEnd('s'.repeat(700), answers ? 'ends' : 'fails');
      const { messages: shown, history } = await historyOf().within(asked(messages, routed));
      const before = shown.filter(({ role }) => role !== 'system').slice(0, -1);
      if (before.length > 2) expect(sum(before.map(charsOf))).toBeLessThanOrEqual(boundChars);
      expect(shown.at(-1)).toBe(question);
      const first = shown.findIndex(({ role }) => role === 'user');
      expect(shown.slice(first + 1)).toEqual(messages.slice(messages.length - shown.length + first + 1));
      expect(shown.filter((one) => one === system)).toHaveLength(2);
      expect(before.map(({ role }) => role)).toEqual(before.map((_, at) => (at % 2 ? 'assistant' : 'user')));
      if (history) expect(history.kept + history.summarised + history.leftOut).toBe(some.length * 2);
    });
    await fc.assert(property);
  });
});
