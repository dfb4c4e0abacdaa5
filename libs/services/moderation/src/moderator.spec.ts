import { moderationResponse, type calls, type CallOutput } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { Moderator } from './moderator.ts';
import { classifying, WordClassifier, type ClassifyingOptions } from './testing/classifying.ts';

const { signal } = new AbortController();

const moderatorWith = (options?: ClassifyingOptions) => {
  const classifier = new WordClassifier();
  return { moderator: new Moderator(classifying(classifier, options).classification), classifier };
};

const classify = async (input: string) => {
  const request = { body: { input }, principal: { tenant: 'acme' }, signal };
  const { moderator } = moderatorWith();
  return moderationResponse.parse(await moderator.classify(request as never)).results[0]!;
};

/** `CreateModerationResponse` of OpenAI's description requires these of each result's three tables. */
const openai =
  'hate hate/threatening harassment harassment/threatening illicit illicit/violent self-harm self-harm/intent self-harm/instructions sexual sexual/minors violence violence/graphic'.split(
    ' ',
  );

describe('a text that is classified', () => {
  it('has all of OpenAI’s categories in each table', async () => {
    const { categories, category_scores, category_applied_input_types } = await classify('The mill grinds.');
    for (const table of [categories, category_scores, category_applied_input_types])
      expect(Object.keys(table)).toEqual(expect.arrayContaining(openai));
  });

  it('is not flagged for nothing, and says what it was not looked at for', async () => {
    const result = await classify('The mill grinds.');
    expect(result).toMatchObject({
      flagged: false,
      category_applied_input_types: { hate: ['text'], illicit: [] },
    });
  });

  it('is flagged with the best score of what was found', async () => {
    const { flagged, categories, category_scores } = await classify('Card 4111 1111 1111 1111.');
    expect([flagged, categories['pii/payment-card'], category_scores['pii/payment-card']]).toEqual([
      true,
      true,
      1,
    ]);
  });

  it('has the scores of the classifier, and is flagged for what it finds', async () => {
    const { flagged, categories, category_scores } = await classify('What a hateful thing to say.');
    expect([flagged, categories['hate'], category_scores['hate']]).toEqual([true, true, 0.9]);
    expect([categories['sexual'], category_scores['sexual']]).toEqual([false, 0.1]);
  });

  it('is read by the classifier as its words are meant', async () => {
    expect((await classify('What a h4t3ful thing t\u200bo say.')).categories['hate']).toBe(true);
  });
});

type Verdict = CallOutput<typeof calls.moderate>;

/** What moderation says of an answer that comes in these pieces. */
async function stream(pieces: readonly string[]) {
  const { moderator, classifier } = moderatorWith();
  const verdicts: Verdict[] = [];
  let held = '';
  for (const [at, piece] of pieces.entries()) {
    held += piece;
    const input = {
      ...({ tenant: 'acme', direction: 'output', text: held, final: at === pieces.length - 1 } as const),
      ...(verdicts.at(-1)?.next ?? { preceding: '', encoding: 'text' as const }),
    };
    const verdict = await moderator.moderate(input, { signal });
    verdicts.push(verdict);
    held = held.slice(verdict.holdFrom);
  }
  const released = verdicts.map(({ text }) => text);
  return { released, verdicts, asked: classifier.asked.map(({ text }) => text) };
}

describe('an answer of a chat', () => {
  const answer = 'The mill grinds corn. Nothing hateful was said of it, and the wheel turns by the river.';
  const pieces = answer.match(/.{1,7}/g)!;

  it('is flagged for what the classifier finds, and goes out whole', async () => {
    const { released, verdicts } = await stream(pieces);
    expect(released.join('')).toBe(answer);
    expect(verdicts.flatMap(({ findings }) => findings)).toEqual([
      { category: 'hate', action: 'flag', score: 0.9, start: 0, end: expect.any(Number) as number },
    ]);
  });

  it('leaves as it would without the classifier: nothing waits for it', async () => {
    const { released } = await stream(pieces);
    expect(released).toEqual(
      (await stream(pieces.map((piece) => piece.replace('hateful', 'notable')))).released.map((text) =>
        text.replace('notable', 'hateful'),
      ),
    );
  });

  it('is judged a stretch at a time, the same however it was cut', async () => {
    const { asked } = await stream(pieces);
    expect(asked.join('')).toBe(answer.toLowerCase());
    expect(asked.length).toBeLessThan(pieces.length / 2);
    expect((await stream([...answer])).asked).toEqual(asked);
  });

  it('is not judged when the rules block it', async () => {
    const { verdicts, asked } = await stream(['She told how to kill yourself: hang yourself with a rope.']);
    expect(verdicts[0]!.action === 'block' ? asked : ['not blocked']).toEqual([]);
  });
});
