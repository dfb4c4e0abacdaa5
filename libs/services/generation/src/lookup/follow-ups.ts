import { Inject, Injectable } from '@nestjs/common';
import { MillraceError, type ChatCompletionRequest } from '@millrace/contracts';
import { LOGGER, observeCounter, Sparing, type Logger, type SettingsOf } from '@millrace/platform';
import { followUpWithWords, leansOnEarlier } from '@millrace/text';
import type { Usage } from '../answers/answer-part.ts';
import { condensedByModel } from './condensed-by-model.ts';
import { generationSettings } from '../generation-settings.ts';
import { turnsOf } from './message-text.ts';
import type { Routed } from '../traffic/traffic.ts';

export interface FollowUp {
  readonly request: ChatCompletionRequest;
  /** Undefined: nobody is asked. */
  readonly routed: Routed | undefined;
  /** What the language model took to put the question in full. */
  readonly onUsage: (usage: Usage) => void;
  readonly signal: AbortSignal;
}

/** Who put a question in full. `words`: it was given words of those before it. */
const ways = ['model', 'words'] as const;

/**
 * What is looked up for a question that leans on those before it: `And when was it built?` The language model puts it in
 * full, within a time; without one, or when it is late or fails, it is given the words that it lacks. A question that stands
 * alone costs nothing and stays as it is.
 */
@Injectable()
export class FollowUps {
  private readonly counts = new Map<(typeof ways)[number], number>(ways.map((way) => [way, 0]));
  private readonly sparing = new Sparing();

  constructor(
    @Inject(generationSettings.token) private readonly settings: SettingsOf<typeof generationSettings>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    observeCounter(
      'millrace_follow_ups_total',
      'Questions that leaned on earlier ones, by what put them in full: the language model, or words of the earlier ones.',
      () => [...this.counts].map(([by, count]) => [count, { by }]),
    );
  }

  /** `question`, or what is to be looked up for it. */
  async inFull(question: string, asked: FollowUp): Promise<string> {
    const turns = turnsOf(asked.request.messages);
    const questions = turns.filter(({ role }) => role === 'user').map(({ text }) => text);
    if (questions.length < 2 || !leansOnEarlier(question)) return question;
    const byModel = await this.byModel(asked, turns);
    this.count(byModel === undefined ? 'words' : 'model');
    return byModel ?? followUpWithWords(questions);
  }

  private async byModel(
    { routed, onUsage, signal }: FollowUp,
    turns: ReturnType<typeof turnsOf>,
  ): Promise<string | undefined> {
    const { followUpMs } = this.settings;
    if (!routed || followUpMs === 0) return undefined;
    const late = AbortSignal.timeout(followUpMs);
    try {
      return await condensedByModel(routed, { turns, onUsage }, AbortSignal.any([signal, late]));
    } catch (error) {
      if (signal.aborted) throw error;
      this.tell(late.aborted ? new MillraceError('deadline_exceeded') : error);
      return undefined;
    }
  }

  private count(by: (typeof ways)[number]): void {
    this.counts.set(by, this.counts.get(by)! + 1);
  }

  private tell(err: unknown): void {
    const untold = this.sparing.tell(MillraceError.from(err).code);
    if (untold === undefined) return;
    this.logger.warn(
      { err, ...(untold > 0 && { untold }) },
      'the language model did not put a follow-up question in full: words of the earlier ones were added',
    );
  }
}
