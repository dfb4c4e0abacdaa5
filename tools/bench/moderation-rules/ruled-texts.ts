import { Inject, Injectable, Module } from '@nestjs/common';
import {
  calls,
  moderationCategories,
  type CategorySpec,
  type ModerationFinding,
  type StatedPolicy,
} from '@millrace/contracts';
import { Caller } from '@millrace/platform';
import { startAnswers } from '../moderated-answers.ts';

/** What the rules find in a text, as in a document: whatever they look for is flagged. */
export interface RuledTexts {
  readonly find: (text: string) => Promise<readonly ModerationFinding[]>;
  readonly stop: () => Promise<void>;
}

const everything: StatedPolicy = {
  version: 'bench',
  policy: {
    categories: Object.fromEntries(
      Object.entries<CategorySpec>(moderationCategories)
        .filter(([, { foundBy }]) => foundBy.includes('rules'))
        .map(([name]) => [name, { document: 'flag' as const }]),
    ),
  },
};

/** Moderation as it ships, in this process. */
export async function startRuledTexts(): Promise<RuledTexts> {
  let caller: Caller | undefined;

  @Injectable()
  class Asking {
    constructor(@Inject(Caller) asked: Caller) {
      caller = asked;
    }
  }
  @Module({ providers: [Asking] })
  class AskingModule {}

  const millrace = await startAnswers(undefined, { beside: AskingModule });
  const find = async (text: string): Promise<readonly ModerationFinding[]> =>
    (
      await caller!.call(calls.moderate, {
        tenant: 'default',
        direction: 'document',
        policy: everything,
        text,
      })
    ).findings;
  return { find, stop: millrace.stop };
}
