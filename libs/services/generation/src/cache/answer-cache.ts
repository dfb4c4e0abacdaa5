import { Inject, Injectable } from '@nestjs/common';
import { MillraceError } from '@millrace/contracts';
import { CACHE, type Cache } from '@millrace/ports';
import type { SettingsOf } from '@millrace/platform';
import type { AnswerRecord } from '../answers/answer-record.ts';
import type { ToldPart } from '../answers/told-part.ts';
import { generationSettings } from '../generation-settings.ts';
import { AnswerCacheCounts, type CacheOutcome } from './answer-cache-counts.ts';
import { answerIn, bytesOf } from './kept-answer.ts';
import { SharedAnswer, type Making } from './shared-answer.ts';
import type { SoughtAnswer } from './sought-answer.ts';

/** Whom an answer is told to. */
export interface Asker {
  readonly record: AnswerRecord;
  readonly signal: AbortSignal;
  /** Told before anything of the answer is. */
  readonly onCache?: ((outcome: CacheOutcome) => void) | undefined;
}

/** How often somebody waits for an answer that breaks off before its first word; then he asks for himself. */
const mostFollowed = 2;
const minuteMs = 60_000;

/**
 * Tells an answer again that was made from the very same, and makes one for all who ask for it at the same time in this
 * process. What is kept has left through moderation, under the policy that is in its key.
 */
@Injectable()
export class AnswerCache {
  private readonly underWay = new Map<string, SharedAnswer>();
  private readonly counts = new AnswerCacheCounts();

  constructor(
    @Inject(CACHE) private readonly cache: Cache,
    @Inject(generationSettings.token) private readonly settings: SettingsOf<typeof generationSettings>,
  ) {}

  /** @param sought undefined: it is made for this asker alone, and not kept */
  answer(sought: SoughtAnswer | undefined, make: Making, asker: Asker): AsyncGenerator<ToldPart> {
    if (!sought) return make(asker.signal);
    return sought.isRenewed ? this.make(sought, make, asker) : this.seek(sought, make, asker);
  }

  private async *seek(sought: SoughtAnswer, make: Making, asker: Asker): AsyncGenerator<ToldPart> {
    const kept = this.underWay.has(sought.making) ? undefined : await this.find(sought.key);
    if (kept) {
      yield* this.give('hit', kept, asker);
      return;
    }
    for (let followed = 0; followed < mostFollowed; followed++) {
      const underWay = this.underWay.get(sought.making);
      if (!underWay) break;
      if (yield* this.follow(underWay, asker)) return;
    }
    yield* this.make(sought, make, asker);
  }

  private async *make(
    { key, making, owners, isRenewed }: SoughtAnswer,
    make: Making,
    asker: Asker,
  ): AsyncGenerator<ToldPart> {
    const answer = new SharedAnswer(make, this.settings.maxSeconds, (whole) => {
      if (this.underWay.get(making) === answer) this.underWay.delete(making);
      if (whole) this.keep(whole, key, owners);
    });
    if (!isRenewed && !this.underWay.has(making)) this.underWay.set(making, answer);
    asker.record.made = answer.over;
    this.tell('miss', asker);
    yield* answer.read(asker.signal);
  }

  /** False where nothing was told, and another try may do better: whoever asked first has a budget of his own, for instance. */
  private async *follow(underWay: SharedAnswer, asker: Asker): AsyncGenerator<ToldPart, boolean> {
    const given = this.give('shared', underWay.read(asker.signal), asker);
    let hasTold = false;
    try {
      for await (const part of given) {
        hasTold = true;
        yield part;
      }
      return true;
    } catch (error) {
      if (hasTold || asker.signal.aborted || !MillraceError.from(error).spec.retryable) throw error;
      asker.record.given = undefined;
      return false;
    }
  }

  private async *give(
    by: 'hit' | 'shared',
    parts: AsyncIterable<ToldPart> | Iterable<ToldPart>,
    asker: Asker,
  ): AsyncGenerator<ToldPart> {
    const { record } = asker;
    record.given = by;
    for await (const part of parts) {
      if (part.type === 'start') this.begin(by, part, asker);
      if (part.type === 'text') record.released();
      if (part.type !== 'end') {
        yield part;
        continue;
      }
      record.moderated('output', part);
      record.ended(part.reason, part.usage, part.groundedness);
      yield { ...part, usage: { ...part.usage, cachedTokens: part.usage.promptTokens } };
    }
  }

  private begin(
    by: 'hit' | 'shared',
    { model, backend, unanswered }: ToldPart & { type: 'start' },
    asker: Asker,
  ): void {
    Object.assign(asker.record, { model, backend, unanswered });
    asker.record.connected();
    this.tell(by, asker);
  }

  private tell(outcome: CacheOutcome, { onCache }: Asker): void {
    this.counts.count(outcome);
    onCache?.(outcome);
  }

  private async find(key: string): Promise<readonly ToldPart[] | undefined> {
    const bytes = await this.cache.get(key).catch(() => {
      this.counts.failed();
      return undefined;
    });
    return bytes && answerIn(bytes);
  }

  /** Behind the answer: nobody waits for it. */
  private keep(whole: readonly ToldPart[], key: string, owners: readonly string[]): void {
    const value = bytesOf(whole);
    if (!value || value.byteLength > this.settings.answerCacheKb * 1024) return;
    const ttlMs = this.settings.answerCacheMinutes * minuteMs;
    void this.cache.set([{ key, value, owners }], ttlMs).then(
      () => this.counts.stored(value.byteLength),
      () => this.counts.failed(),
    );
  }
}
