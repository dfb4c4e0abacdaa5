import { moderationResponse } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { Moderator } from './moderator.ts';

const classify = async (input: string) => {
  const request = { body: { input }, principal: { tenant: 'acme' }, signal: new AbortController().signal };
  return moderationResponse.parse(await new Moderator().classify(request as never)).results[0]!;
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
});
