import { Inject, Injectable } from '@nestjs/common';
import { MillraceError } from '@millrace/contracts';
import { LOGGER, type Logger, type SettingsOf } from '@millrace/platform';
import { Admission } from '../admission/admission.ts';
import { AnswerCache } from '../cache/answer-cache.ts';
import { usualWish } from '../cache/cache-wish.ts';
import { mayBeKept } from '../cache/may-be-kept.ts';
import { soughtAnswer, type SoughtAnswer } from '../cache/sought-answer.ts';
import { extractiveModel } from '../extracts/extractive-answerer.ts';
import { generationSettings } from '../generation-settings.ts';
import type { Routed } from '../traffic/traffic.ts';
import type { Answer } from './answer.ts';
import { AnswerRecord } from './answer-record.ts';
import { AnswerRecords } from './answer-records.ts';
import { AnswerTime } from './answer-time.ts';
import type { Asked } from './asked.ts';
import { Composer } from './composer.ts';
import { Preparation, type Prepared } from './preparation.ts';

/**
 * The way of a question: let in, moderated and looked up, answered once for all who ask the same, moderated again on its way
 * out, cited. Every way ends in exactly one `generation.answer.completed.v1`.
 */
@Injectable()
export class Answerer {
  constructor(
    @Inject(Admission) private readonly admission: Admission,
    @Inject(Preparation) private readonly preparation: Preparation,
    @Inject(Composer) private readonly composer: Composer,
    @Inject(AnswerCache) private readonly cache: AnswerCache,
    @Inject(AnswerRecords) private readonly records: AnswerRecords,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(generationSettings.token) private readonly settings: SettingsOf<typeof generationSettings>,
  ) {}

  async *answer(asked: Asked): AsyncGenerator<Answer> {
    const { principal, requestId } = asked;
    const admitted = await this.admission.admit({ ...asked, tenant: principal.tenant });
    const { routed, follow, leave } = admitted;
    const record = new AnswerRecord(principal.tenant, requestId, admitted);
    follow(() => record.used);
    try {
      yield* this.inTime(asked, routed, record);
    } catch (error) {
      record.brokeOff(howItBroke(error));
      if (ofBackEnd(error))
        this.logger.warn({ err: error, request_id: requestId }, 'the language model back end failed');
      throw error;
    } finally {
      // A reader who stops in between went away.
      record.brokeOff('cancelled');
      // Until then its place is taken, and what others are told of it counts as used by it.
      await record.made;
      leave(record.used, record.price);
      await this.records.write(record);
    }
  }

  private async *inTime(
    asked: Asked,
    routed: Routed | undefined,
    record: AnswerRecord,
  ): AsyncGenerator<Answer> {
    using time = new AnswerTime(asked.signal, this.settings.maxSeconds);
    try {
      yield* this.make({ ...asked, signal: time.signal }, routed, record);
    } catch (error) {
      throw time.reason ?? error;
    }
  }

  private async *make(
    asked: Asked,
    routed: Routed | undefined,
    record: AnswerRecord,
  ): AsyncGenerator<Answer> {
    const prepared = await this.preparation.of(asked, routed, record);
    const making = (until: AbortSignal) => this.composer.compose(prepared, until);
    for await (const part of this.cache.answer(this.sought(prepared), making, { ...asked, record }))
      if (part.type !== 'start') yield part;
      else {
        const { backend, ...start } = part;
        yield { ...start, ...prepared.way, ...madeBy(backend) };
      }
  }

  /** Undefined for an answer that is not kept. */
  private sought(prepared: Prepared): SoughtAnswer | undefined {
    const { asked, routed, found, isWeak, sources, prompt, moderation } = prepared;
    const { request, principal, text, budgetMs, cacheWish = usualWish } = asked;
    const { version: policy } = moderation;
    const isKept = cacheWish.store && mayBeKept(request, routed !== undefined, this.settings.answerCache);
    if (isWeak || !isKept || policy === undefined) return undefined;
    const { question, passages, model: embedding } = found;
    return soughtAnswer(
      {
        ...{ tenant: principal.tenant, policy, request, isText: text !== undefined, routed },
        ...{ question, passages, sources, prompt: prompt?.prompt, embedding },
      },
      { isRenewed: !cacheWish.read, budgetMs },
    );
  }
}

function madeBy(backend: string) {
  if (backend === '') return { generator: 'none' } as const;
  return backend === extractiveModel
    ? ({ generator: 'extractive' } as const)
    : ({ generator: 'model', backend } as const);
}

/** With what it said as the cause, which callers are not told. */
const ofBackEnd = (thrown: unknown): boolean =>
  thrown instanceof MillraceError && /^(backend_|queue_full)/.test(thrown.code) && thrown.cause !== undefined;

function howItBroke(thrown: unknown): 'cancelled' | 'suppressed' | 'failed' {
  const { code } = MillraceError.from(thrown);
  if (code === 'cancelled') return 'cancelled';
  return code === 'content_blocked' ? 'suppressed' : 'failed';
}
