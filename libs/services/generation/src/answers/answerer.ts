import { Inject, Injectable } from '@nestjs/common';
import {
  MillraceError,
  type ChatCompletionRequest,
  type Citation,
  type Groundedness,
  type Principal,
  type RerankOutcome,
  type SearchResult,
  type Unanswered,
} from '@millrace/contracts';
import type { ChatMessage, FinishReason, QuotaStanding, TextToContinue } from '@millrace/ports';
import { Caller, LOGGER, type Logger, type SettingsOf } from '@millrace/platform';
import { Admission } from '../admission/admission.ts';
import type { Tier } from '../admission/service-tier.ts';
import { AnswerModeration } from '../release/answer-moderation.ts';
import type { AnswerPart, Source, StartPart, TextPart, ToolPart, Usage } from './answer-part.ts';
import { AnswerRecord } from './answer-record.ts';
import { AnswerRecords } from './answer-records.ts';
import { AnswerRelease } from '../release/answer-release.ts';
import { AnswerTime } from './answer-time.ts';
import { citationsIn } from '../release/citations.ts';
import {
  ExtractiveAnswerer,
  extractiveModel,
  refuseWhatNeedsAModel,
  type ExtractiveQuestion,
} from '../extracts/extractive-answerer.ts';
import { generationSettings } from '../generation-settings.ts';
import { groundsOf } from '../grounding/grounds.ts';
import { notFound } from '../grounding/not-found.ts';
import { Support } from '../grounding/support.ts';
import type { Moderate } from '../release/held-text.ts';
import { Lookup } from '../lookup/lookup.ts';
import { charsIn, modelAnswer } from '../model/model-answerer.ts';
import { moderatedCitations } from '../release/moderated-citations.ts';
import { numberSources, promptWith } from '../model/prompt.ts';
import { readAhead } from './read-ahead.ts';
import { shownSearch, type ShownSearch } from '../lookup/shown-search.ts';
import { textIn } from '../openai/text-question.ts';
import type { Routed } from '../traffic/traffic.ts';

export interface Asked {
  readonly request: ChatCompletionRequest;
  /** What is to be continued in place of a conversation; the request has it as its user's words. */
  readonly text?: TextToContinue | undefined;
  /** To tell what was looked up and, with `passages`, what was found. */
  readonly showing?: { readonly passages: boolean } | undefined;
  readonly principal: Principal;
  readonly requestId: string;
  /** How long the answer may take, in milliseconds: what back ends are chosen by. */
  readonly budgetMs?: number | undefined;
  /** The one back end to be asked. */
  readonly backEnd?: string | undefined;
  readonly signal: AbortSignal;
  /** Told, before anything else is, how the tenant stands under the limits of its quota. */
  readonly onStandings?: (standings: readonly QuotaStanding[]) => void;
}

/** One `start`, any number of texts and tool calls, one `end`; or an error. */
export type Answer =
  | {
      readonly type: 'start';
      readonly model: string;
      readonly generator: 'extractive' | 'model' | 'none';
      /** As the operator calls it; extracts have none. */
      readonly backend?: string | undefined;
      /** Where the request asks to rerank. */
      readonly rerank?: RerankOutcome | undefined;
      /** Where the request asks for one. */
      readonly tier?: Tier | undefined;
      /** Where it is asked for, and something was looked up. */
      readonly search?: ShownSearch | undefined;
      /** Of the question by what was found, where it was judged. */
      readonly support?: number | undefined;
      /** Why there is nothing but a word about that. */
      readonly unanswered?: Unanswered | undefined;
    }
  | TextPart
  | ToolPart
  | {
      readonly type: 'end';
      readonly reason: FinishReason;
      readonly usage: Usage;
      readonly citations: readonly Citation[];
      /** Where it had sources and states something. */
      readonly groundedness?: Groundedness | undefined;
    };

interface Composed {
  readonly sources: readonly Source[];
  readonly parts: AsyncIterable<AnswerPart> | Iterable<AnswerPart>;
  /** The numbers a language model may cite; undefined: its brackets, or those of extracts, are nobody's to check. */
  readonly citable?: ReadonlySet<number> | undefined;
  readonly unanswered?: Unanswered | undefined;
  /** Ends what is still being made of it. */
  readonly stop?: () => void;
}

/**
 * The way of a question: moderated and looked up, answered by a language model or by extracts, moderated again on its way
 * out, cited. Every way ends in exactly one `generation.answer.completed.v1`.
 */
@Injectable()
export class Answerer {
  constructor(
    @Inject(Caller) private readonly caller: Caller,
    @Inject(Admission) private readonly admission: Admission,
    @Inject(Lookup) private readonly lookup: Lookup,
    @Inject(Support) private readonly support: Support,
    @Inject(ExtractiveAnswerer) private readonly extractive: ExtractiveAnswerer,
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
    const { principal, signal } = asked;
    const moderation = this.moderationOf(asked, record);
    if (!routed) record.backend = extractiveModel;
    record.model = routed ? (asked.request.model ?? '') : extractiveModel;
    const request = await moderation.question(asked.request);
    record.promptChars = charsIn(request.messages as readonly ChatMessage[]);
    const found = await this.lookup.find({
      ...{ request, principal, routed, signal },
      onUsage: (usage) => record.alsoUsed(usage),
    });
    record.lookedUp();
    const { question, passages, rerank } = found;
    const judged = await this.support.judge(request, found, signal);
    const support = judged?.support;
    record.support = support;
    const { answer: moderate } = moderation;
    const search =
      asked.showing && passages
        ? await shownSearch({ question, passages }, asked.showing, principal.tenant, moderate)
        : undefined;
    const composed = judged?.isWeak
      ? this.byNobody(request, routed, record)
      : routed
        ? this.byModel(routed, { ...asked, request }, passages, record)
        : await this.byExtracts({ tenant: principal.tenant, question, passages, request, signal }, record);
    record.sources = composed.sources;
    const { unanswered } = composed;
    record.unanswered = unanswered;
    const { tier } = record.admitted;
    const told = {
      ...{ ...(rerank && { rerank }), ...(search && { search }), ...(unanswered && { unanswered }) },
      ...(support !== undefined && { support }),
      ...(request.service_tier && { tier }),
    };
    for await (const part of this.release(composed, principal.tenant, record, moderate))
      yield part.type === 'start'
        ? { ...part, model: record.model, ...told, ...madeBy(record.backend) }
        : part;
  }

  private byNobody(
    request: ChatCompletionRequest,
    routed: Routed | undefined,
    record: AnswerRecord,
  ): Composed {
    if (!routed) refuseWhatNeedsAModel(request);
    record.backend = '';
    record.connected();
    return notFound(record.model);
  }

  private byExtracts(question: ExtractiveQuestion, record: AnswerRecord): Promise<Composed> {
    record.connected();
    return this.extractive.answer(question);
  }

  private moderationOf({ principal: { tenant }, signal }: Asked, record: AnswerRecord): AnswerModeration {
    const { maxPromptChars: maxChars } = this.settings;
    return new AnswerModeration(this.caller, { tenant, record, maxChars, signal });
  }

  private byModel(
    routed: Routed,
    { request, text, signal }: Asked,
    passages: readonly SearchResult[] | undefined,
    record: AnswerRecord,
  ): Composed {
    const sources = numberSources(passages ?? [], this.settings.sourceChars);
    const messages = passages
      ? promptWith(sources, request.messages)
      : (request.messages as readonly ChatMessage[]);
    record.promptChars = charsIn(messages);
    const stopping = new AbortController();
    const either = AbortSignal.any([signal, stopping.signal]);
    return {
      sources,
      parts: modelAnswer(routed, { messages, request, text: text && textIn(request) }, record, either),
      stop: () => stopping.abort(new MillraceError('cancelled')),
      citable: passages && new Set(sources.map(({ index }) => index)),
    };
  }

  /** Through moderation and within the limit, then the end with its citations. */
  private async *release(
    { parts, sources, citable, stop }: Composed,
    tenant: string,
    record: AnswerRecord,
    moderate: Moderate,
  ): AsyncGenerator<StartPart | Exclude<Answer, { type: 'start' }>> {
    const { maxAnswerChars: maxChars } = this.settings;
    const release = new AnswerRelease({ tenant, citable, maxChars, moderate });
    let content = '';
    for await (const batch of readAhead(noted(parts, record))) {
      const { parts: leaving, end } = await release.pass(batch);
      for (const part of leaving) {
        if (part.type === 'start') record.model = part.model || record.model || record.backend;
        if (part.type === 'text') record.released();
        if (part.type === 'text' && part.channel === 'content') content += part.text;
        yield part;
      }
      if (!end) continue;
      // Cut off here: whatever follows, and however slowly it is read, the back end works no longer.
      if (!end.usage) stop?.();
      const cited = citationsIn(content, sources, citable === undefined);
      const moderated = moderatedCitations(cited, tenant, moderate);
      // While moderation is asked.
      const { groundedness, supported } = groundsOf(content, sources, cited, release.removedCitations);
      const citations = (await moderated).map((citation, place) => ({ ...citation, ...supported[place] }));
      const usage = end.usage ?? record.counted;
      record.ended(end.reason, usage, groundedness);
      yield { type: 'end', reason: end.reason, usage, citations, ...(groundedness && { groundedness }) };
      return;
    }
    throw new MillraceError('backend_error', { detail: 'the answer has no end' });
  }
}

function madeBy(backend: string) {
  if (backend === '') return { generator: 'none' } as const;
  return backend === extractiveModel
    ? ({ generator: 'extractive' } as const)
    : ({ generator: 'model', backend } as const);
}

/** Noted as it comes, for what is thrown away costs as well. */
async function* noted(
  parts: AsyncIterable<AnswerPart> | Iterable<AnswerPart>,
  record: AnswerRecord,
): AsyncGenerator<AnswerPart> {
  for await (const part of parts) {
    if (part.type === 'text') record.received(part.text);
    yield part;
  }
}

/** With what it said as the cause, which callers are not told. */
const ofBackEnd = (thrown: unknown): boolean =>
  thrown instanceof MillraceError && /^(backend_|queue_full)/.test(thrown.code) && thrown.cause !== undefined;

function howItBroke(thrown: unknown): 'cancelled' | 'suppressed' | 'failed' {
  const { code } = MillraceError.from(thrown);
  if (code === 'cancelled') return 'cancelled';
  return code === 'content_blocked' ? 'suppressed' : 'failed';
}
