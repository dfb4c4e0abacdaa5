import { Inject, Injectable } from '@nestjs/common';
import { calls, MillraceError, type ModerationPolicy } from '@millrace/contracts';
import { Caller, LOGGER, observeCounter, Sparing, type Logger, type SettingsOf } from '@millrace/platform';
import { EventLoopTurn, TEXT_CLASSIFIER, type CategoryScore, type TextClassifier } from '@millrace/ports';
import { moderationSettings } from './moderation-settings.ts';
import { windowsOf } from './windows.ts';

export interface ClassifiedText {
  readonly text: string;
  /** In a chat somebody waits for the first word. */
  readonly inChat: boolean;
  /** What it comes to when it is not judged in time. Undefined: as the settings say. */
  readonly onFailure?: ModerationPolicy['on_failure'];
}

const outcomes = ['done', 'late', 'failed'] as const;

/** What the classifier says of texts of any length, within a deadline. */
@Injectable()
export class Classification {
  private readonly counts = new Map<(typeof outcomes)[number], number>(outcomes.map((name) => [name, 0]));
  private readonly sparing = new Sparing();

  constructor(
    @Inject(TEXT_CLASSIFIER) private readonly classifier: TextClassifier,
    @Inject(Caller) private readonly caller: Caller,
    @Inject(moderationSettings.token) private readonly settings: SettingsOf<typeof moderationSettings>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    observeCounter(
      'millrace_moderation_classifications_total',
      'Texts that the classifier was to judge, by outcome: done, or late or failed, after which the rules stand alone.',
      () => [...this.counts].map(([outcome, count]) => [count, { outcome }]),
    );
  }

  get categories(): readonly string[] {
    return this.classifier.categories;
  }

  get maxChars(): number {
    return this.classifier.maxChars;
  }

  /**
   * The highest score of each category in any part of the text; none where it was not judged in time and that is let pass.
   * Throws `classifier_unavailable` where it is not.
   */
  async of(text: ClassifiedText, signal: AbortSignal): Promise<readonly CategoryScore[]> {
    try {
      const scores = await this.inTime(text, signal);
      this.count('done');
      return scores;
    } catch (cause) {
      if (signal.aborted) throw cause;
      return this.without(MillraceError.from(cause), text.onFailure);
    }
  }

  private async inTime({ text, inChat }: ClassifiedText, signal: AbortSignal): Promise<CategoryScore[]> {
    const deadline = Date.now() + this.settings.classifierMs;
    const windows = windowsOf(text, this.classifier.maxChars);
    const vectors = this.wantsVectors(inChat) ? await this.vectorsOf(windows, signal) : [];
    const turn = new EventLoopTurn();
    let highest: readonly CategoryScore[] = [];
    for (const [at, window] of windows.entries()) {
      if (turn.isOver) await turn.next();
      const scores = await this.classifier.classify(
        { text: window, vector: vectors[at] },
        { deadline, signal },
      );
      highest = scores.map((score, category) => higher(score, highest[category]));
    }
    return [...highest];
  }

  private wantsVectors(inChat: boolean): boolean {
    const { classifierVectors } = this.settings;
    return classifierVectors === 'always' || (classifierVectors === 'moderations' && !inChat);
  }

  /** None where they do not come in time: the classifier does without. Half of the time is left for it. */
  private async vectorsOf(
    texts: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly (readonly number[])[]> {
    const { vectorModel: model } = this.classifier;
    if (model === undefined || texts.length === 0 || texts.length > mostVectors) return [];
    try {
      const { vectors } = await this.caller.call(
        calls.embedTexts,
        { texts: [...texts], kind: 'passage', model },
        { signal, timeoutMs: this.settings.classifierMs / 2 },
      );
      return vectors;
    } catch (error) {
      if (signal.aborted) throw error;
      this.tell(MillraceError.from(error), 'no vectors for the classifier: it judges by the text alone');
      return [];
    }
  }

  private without(error: MillraceError, onFailure = this.settings.classifierLate): readonly CategoryScore[] {
    const isLate = error.code === 'deadline_exceeded';
    this.count(isLate ? 'late' : 'failed');
    if (!isLate) this.tell(error, 'the classifier failed: the rules stand alone');
    if (onFailure === 'fail_closed') throw new MillraceError('classifier_unavailable', { cause: error });
    return [];
  }

  private count(outcome: (typeof outcomes)[number]): void {
    this.counts.set(outcome, this.counts.get(outcome)! + 1);
  }

  private tell(err: MillraceError, message: string): void {
    const untold = this.sparing.tell(`${message} ${err.code}`);
    if (untold === undefined) return;
    this.logger.warn({ err, ...(untold > 0 && { untold }) }, message);
  }
}

/** Longer texts would fill the embedding queue. */
const mostVectors = 8;

const higher = (score: CategoryScore, other: CategoryScore | undefined): CategoryScore =>
  other && other.score > score.score ? other : score;
