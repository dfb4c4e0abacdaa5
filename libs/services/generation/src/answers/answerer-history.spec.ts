import { calls } from '@millrace/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { answering, type Answering, asked, collect, redactCrane, tokens } from '../testing/answering.ts';

const said = (turns: number) =>
  Array.from({ length: turns }, (_, at) => [
    { role: 'user' as const, content: `Q${at} Josiah Crane? ${'q'.repeat(300)}` },
    { role: 'assistant' as const, content: `A${at} ${'a'.repeat(300)}` },
  ]).flat();
const question = { role: 'user' as const, content: 'What do herons eat?' };
const long = { maxPromptChars: 100_000 };

let at: Answering;
beforeEach(() => {
  at = answering();
});

describe('an answer to a long conversation', () => {
  it('is asked for with its beginning summarised, tells so, and has the tokens of it in its record', async () => {
    at.replies.set(calls.moderate, ({ text }: { text: string }) => ({
      ...redactCrane({ text }),
      redactions: [...text.matchAll(/Josiah Crane/g)].map(({ index, 0: { length } }) => ({
        ...{ start: index, end: index + length, text: '***' },
      })),
    }));
    const answer = at
      .answerer(at.backEnd(...tokens('He did.')), long)
      .answer(asked({ messages: [...said(7), question] }));
    const { parts } = await collect(answer);
    const history = { kept: 6, summarised: 8, leftOut: 0 };
    expect(parts[0]).toMatchObject({ type: 'start', history });
    expect(at.published).toMatchObject([
      { history, usage: { promptTokens: 10, completionTokens: 4, estimated: false }, attempts: [{}] },
    ]);
    const [summarising, answered] = at.requests.map(({ messages }) => JSON.stringify(messages));
    expect(summarising).toContain('Q0 ***?');
    expect(summarising).not.toContain('Josiah Crane');
    expect(at.requests[1]!.messages).toHaveLength(7);
    expect(answered).toContain('He did.');
    expect(at.requests[1]!.messages!.at(-1)!.content).toMatch(/What do herons eat\?$/);
  });

  it('is as ever where it is short, or by extracts', async () => {
    const short = await collect(
      at.answerer(at.backEnd(...tokens('x')), long).answer(asked({ messages: [...said(3), question] })),
    );
    expect(short.parts[0]).not.toHaveProperty('history');
    expect(at.requests).toHaveLength(1);
    expect(at.published[0]).not.toHaveProperty('history');
    const extracts = await collect(
      at.answerer(undefined, long).answer(asked({ messages: [...said(9), question] })),
    );
    expect(extracts.parts[0]).not.toHaveProperty('history');
  });
});
