import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { MillraceError, visible } from '@millrace/contracts';
import { LOGGER, observeCounter, Sparing, type Logger, type SettingsOf } from '@millrace/platform';
import { generationSettings } from '../generation-settings.ts';
import { newMark } from '../model/prompt.ts';
import { saidByModel, type Aside } from '../model/said-by-model.ts';
import type { Routed } from '../traffic/traffic.ts';
import { cutOff, type Beginning } from './beginning.ts';
import { boundsOf, cutsOf, type Bounds } from './cuts.ts';
import { exchangesOf, sum, type Exchange } from './exchanges.ts';
import { charsOf, type Message } from './message-size.ts';
import { keysOf, SummaryMemory, type Whose } from './summary-memory.ts';
import { summaryPrompt } from './summary-prompt.ts';

export interface Conversation extends Whose, Pick<Aside, 'onUsage'> {
  /** As moderation let them pass. */
  readonly messages: Message[];
  readonly routed: Routed;
  /** How long the whole answer may take; a summary has half of it at most. */
  readonly budgetMs?: number | undefined;
  readonly signal: AbortSignal;
}

/** What became of the messages before the question, instructions aside. */
export interface ShownHistory {
  readonly kept: number;
  readonly summarised: number;
  readonly leftOut: number;
}

export interface Shown {
  readonly messages: Message[];
  /** Undefined: all are there as they came. */
  readonly history?: ShownHistory | undefined;
}

/** What stands in place of a beginning that was cut off. `reused`: a summary that was made before. */
const ways = ['summarised', 'reused', 'left_out'] as const;

const minuteMs = 60_000;
/** How long a model that made no summary is not asked for the same one again. */
const retryMs = minuteMs;

/**
 * Holds what stands before a question to a bound: the language model that answers summarises the beginning of a long
 * conversation first, within a time; when it is late or fails, the beginning is left out, and it is told so. A conversation
 * within the bound costs nothing.
 */
@Injectable()
export class History implements OnModuleDestroy {
  private readonly bounds: Bounds | undefined;
  private readonly memory = new SummaryMemory();
  private readonly counts = new Map<(typeof ways)[number], number>(ways.map((way) => [way, 0]));
  private readonly sparing = new Sparing();

  constructor(
    @Inject(generationSettings.token) private readonly settings: SettingsOf<typeof generationSettings>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.bounds = boundsOf(settings.historyTokens);
    observeCounter(
      'millrace_long_conversations_total',
      'Conversations whose beginning was cut off, by what took its place: a summary that was made, one that was made before, or nothing.',
      () => [...this.counts].map(([by, count]) => [count, { by }]),
    );
  }

  /** The conversation as the language model is to see it. */
  async within(conversation: Conversation): Promise<Shown> {
    const { bounds } = this;
    const { messages } = conversation;
    if (!bounds || sum(messages.map(charsOf)) <= bounds.whole) return { messages };
    const exchanges = exchangesOf(messages);
    const sizes = exchanges.map(({ chars }) => chars);
    const cuts = cutsOf(sizes, bounds);
    const cut = cuts.at(-1);
    if (cut === undefined) return { messages };
    const beginning = await this.beginning(exchanges, cuts, conversation, bounds);
    const { summarised, leftOut } = beginning;
    const kept = messagesIn(exchanges.slice(cut)).length;
    return {
      messages: cutOff(messages, exchanges[cut]!.start, beginning),
      history: { kept, summarised, leftOut },
    };
  }

  onModuleDestroy(): void {
    this.memory.clear();
  }

  private async beginning(
    exchanges: readonly Exchange[],
    cuts: readonly number[],
    conversation: Conversation,
    bounds: Bounds,
  ): Promise<Beginning> {
    const groups = cuts.map((cut, at) => messagesIn(exchanges.slice(cuts[at - 1] ?? 0, cut)));
    if (this.settings.historySummaryMs === 0) return this.counted('left_out', withoutAll(groups.flat()));
    const keys = keysOf(conversation, groups);
    const known = keys.map((key) => this.memory.get(key));
    const last = known.at(-1);
    if (last) return this.counted(last.isMakeshift ? 'left_out' : 'reused', last);
    const at = known.findLastIndex((one) => one && !one.isMakeshift);
    const rest = groups.slice(at + 1).flat();
    const made = await this.made(known[at], rest, conversation, bounds);
    const keptMs = this.settings.historySummaryMinutes * minuteMs;
    this.memory.set(keys.at(-1)!, made, made.isMakeshift ? Math.min(retryMs, keptMs) : keptMs);
    return this.counted(made.isMakeshift ? 'left_out' : 'summarised', made);
  }

  /** @param before what was made of the messages before */
  private async made(
    before: Beginning | undefined,
    messages: readonly Message[],
    { routed, budgetMs = Infinity, onUsage, signal }: Conversation,
    { whole: promptChars, summary: summaryChars }: Bounds,
  ): Promise<Beginning> {
    const { prompt, leftOut } = summaryPrompt(
      { earlier: before?.summary, messages },
      { promptChars, summaryChars },
    );
    const late = AbortSignal.timeout(Math.ceil(Math.min(this.settings.historySummaryMs, budgetMs / 2)));
    try {
      const aside = { prompt, mostChars: summaryChars, onUsage };
      const said = await saidByModel(routed, aside, AbortSignal.any([signal, late]));
      const summary = said.trim().slice(0, summaryChars).toWellFormed();
      if (!visible.test(summary)) return without(before, messages);
      return {
        ...{ summary, mark: newMark(), isMakeshift: false },
        summarised: (before?.summarised ?? 0) + messages.length - leftOut,
        leftOut: (before?.leftOut ?? 0) + leftOut,
      };
    } catch (error) {
      if (signal.aborted) throw error;
      this.tell(late.aborted ? new MillraceError('deadline_exceeded') : error);
      return without(before, messages);
    }
  }

  private counted(by: (typeof ways)[number], beginning: Beginning): Beginning {
    this.counts.set(by, this.counts.get(by)! + 1);
    return beginning;
  }

  private tell(err: unknown): void {
    const untold = this.sparing.tell(MillraceError.from(err).code);
    if (untold === undefined) return;
    this.logger.warn(
      { err, ...(untold > 0 && { untold }) },
      'the language model did not summarise the beginning of a long conversation: it was left out',
    );
  }
}

const messagesIn = (exchanges: readonly Exchange[]): Message[] =>
  exchanges.flatMap(({ messages }) => messages);

const without = (before: Beginning | undefined, messages: readonly Message[]): Beginning => ({
  ...(before ?? withoutAll([])),
  leftOut: (before?.leftOut ?? 0) + messages.length,
  isMakeshift: true,
});

const withoutAll = ({ length: leftOut }: readonly Message[]): Beginning => ({
  ...{ summary: undefined, mark: newMark(), summarised: 0, leftOut, isMakeshift: true },
});
