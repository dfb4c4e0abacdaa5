import { Inject, Injectable } from '@nestjs/common';
import {
  MillraceError,
  type ChatCompletionRequest,
  type Principal,
  type RerankOutcome,
  type StatedPrompt,
} from '@millrace/contracts';
import type { ChatMessage, QuotaStanding, TextToContinue } from '@millrace/ports';
import { Caller, LOGGER, type Logger, type SettingsOf } from '@millrace/platform';
import { Admission } from '../admission/admission.ts';
import type { Tier } from '../admission/service-tier.ts';
import { AnswerModeration } from '../release/answer-moderation.ts';
import type { AnswerPart, Source, TextPart, ToolPart } from './answer-part.ts';
import { AnswerRecord } from './answer-record.ts';
import { AnswerRecords } from './answer-records.ts';
import { AnswerRelease } from '../release/answer-release.ts';
import { AnswerTime } from './answer-time.ts';
import type { CacheOutcome } from '../cache/answer-cache-counts.ts';
import { AnswerCache } from '../cache/answer-cache.ts';
import { usualWish, type CacheWish } from '../cache/cache-wish.ts';
import { mayBeKept } from '../cache/may-be-kept.ts';
import { soughtAnswer, type SoughtAnswer } from '../cache/sought-answer.ts';
import { citationsIn } from '../release/citations.ts';
import {
  ExtractiveAnswerer,
  extractiveModel,
  type ExtractiveQuestion,
} from '../extracts/extractive-answerer.ts';
import { generationSettings } from '../generation-settings.ts';
import { History, type ShownHistory } from '../history/history.ts';
import type { Moderate } from '../release/held-text.ts';
import { Lookup, type LookedUp } from '../lookup/lookup.ts';
import { charsIn, modelAnswer } from '../model/model-answerer.ts';
import { moderatedCitations } from '../release/moderated-citations.ts';
import { KnownPrompts } from '../model/known-prompts.ts';
import { NotedFindings } from '../release/noted-findings.ts';
import { numberSources, promptWith } from '../model/prompt.ts';
import { readAhead } from './read-ahead.ts';
import { shownSearch, type ShownSearch } from '../lookup/shown-search.ts';
import { textIn } from '../openai/text-question.ts';
import type { Routed } from '../traffic/traffic.ts';
import type { ToldEnd, ToldPart } from './told-part.ts';

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
  /** Whether it may be told a kept answer, and its own kept. Default: both. */
  readonly cacheWish?: CacheWish;
  /** Told how an answer that may be kept was come by, before anything of it is. */
  readonly onCache?: (outcome: CacheOutcome) => void;
  /** Told, before anything else is, how the tenant stands under the limits of its quota. */
  readonly onStandings?: (standings: readonly QuotaStanding[]) => void;
}

/** One `start`, any number of texts and tool calls, one `end`; or an error. */
export type Answer =
  | {
      readonly type: 'start';
      readonly model: string;
      readonly generator: 'extractive' | 'model';
      /** As the operator calls it; extracts have none. */
      readonly backend?: string | undefined;
      /** Where the request asks to rerank. */
      readonly rerank?: RerankOutcome | undefined;
      /** Where the request asks for one. */
      readonly tier?: Tier | undefined;
      /** Where it is asked for, and something was looked up. */
      readonly search?: ShownSearch | undefined;
      /** Where the conversation was too long to be given whole. */
      readonly history?: ShownHistory | undefined;
    }
  | TextPart
  | ToolPart
  | Omit<ToldEnd, 'findings'>;

/** A question that was let in, moderated and looked up. */
interface Prepared {
  readonly asked: Asked;
  /** Undefined: extracts. */
  readonly routed: Routed | undefined;
  readonly found: LookedUp;
  /** What a language model would be given of it. */
  readonly sources: readonly Source[];
  /** What it would be told with them. */
  readonly prompt: StatedPrompt | undefined;
  readonly moderation: AnswerModeration;
  readonly record: AnswerRecord;
}

interface Composed {
  readonly sources: readonly Source[];
  readonly parts: AsyncIterable<AnswerPart> | Iterable<AnswerPart>;
  /** The numbers a language model may cite; undefined: its brackets, or those of extracts, are nobody's to check. */
  readonly citable?: ReadonlySet<number> | undefined;
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
    @Inject(KnownPrompts) private readonly prompts: KnownPrompts,
    @Inject(History) private readonly history: History,
    @Inject(ExtractiveAnswerer) private readonly extractive: ExtractiveAnswerer,
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
    const search =
      asked.showing && passages
        ? await shownSearch(
            { question, passages },
            asked.showing,
            principal.tenant,
            moderation.answer(signal),
          )
        : undefined;
    const sources = numberSources(passages ?? [], this.settings.sourceChars);
    record.sources = sources;
    const prompt = routed && passages && (await this.prompts.of(principal.tenant));
    record.prompt = prompt?.version;
    const given = routed ? await this.bounded({ ...asked, request }, routed, record) : { ...asked, request };
    const prepared = { asked: given, routed, found, sources, prompt, moderation, record };
    const { history } = record;
    const { tier } = record.admitted;
    const told = {
      ...{ ...(rerank && { rerank }), ...(search && { search }), ...(history && { history }) },
      ...(request.service_tier && { tier }),
    };
    const making = (until: AbortSignal) => this.compose(prepared, until);
    for await (const part of this.cache.answer(this.sought(prepared), making, { ...asked, record }))
      if (part.type !== 'start') yield part;
      else yield { type: 'start', model: part.model, ...told, ...madeBy(routed && part.backend) };
  }

  /** Undefined for an answer that is not kept. */
  private sought({ asked, routed, found, sources, prompt, moderation }: Prepared): SoughtAnswer | undefined {
    const { request, principal, text, budgetMs, cacheWish = usualWish } = asked;
    const { version: policy } = moderation;
    const isKept = cacheWish.store && mayBeKept(request, routed !== undefined, this.settings.answerCache);
    if (!isKept || policy === undefined) return undefined;
    const { question, passages, model: embedding } = found;
    return soughtAnswer(
      {
        ...{ tenant: principal.tenant, policy, request, isText: text !== undefined, routed },
        ...{ question, passages, sources, prompt: prompt?.prompt, embedding },
      },
      { isRenewed: !cacheWish.read, budgetMs },
    );
  }

  private async *compose(prepared: Prepared, signal: AbortSignal): AsyncGenerator<ToldPart> {
    const { asked, routed, moderation, record } = prepared;
    const { request, principal } = asked;
    const { question, passages } = prepared.found;
    const { tenant } = principal;
    const composed: Composed = routed
      ? this.byModel(routed, prepared, signal)
      : await this.byExtracts({ tenant, question, passages, request, signal }, record);
    record.sources = composed.sources;
    yield* this.release(composed, tenant, record, moderation.answer(signal));
  }

  /** With what stands before its question held to the bound. */
  private async bounded(asked: Asked, routed: Routed, record: AnswerRecord): Promise<Asked> {
    const { request, principal, backEnd, budgetMs = this.settings.budgetMs, signal } = asked;
    const { messages, history } = await this.history.within({
      ...{ messages: request.messages, principal, model: request.model, backEnd, routed, budgetMs, signal },
      onUsage: (usage) => record.alsoUsed(usage),
    });
    record.history = history;
    return { ...asked, request: { ...request, messages } };
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
    { asked: { request, text }, found: { passages }, sources, prompt, record }: Prepared,
    signal: AbortSignal,
  ): Composed {
    const messages = prompt
      ? promptWith(sources, request.messages, prompt.prompt)
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
    moderation: Moderate,
  ): AsyncGenerator<ToldPart> {
    const { maxAnswerChars: maxChars } = this.settings;
    const findings = new NotedFindings(moderation);
    const { noting: moderate } = findings;
    const release = new AnswerRelease({ tenant, citable, maxChars, moderate });
    let content = '';
    for await (const batch of readAhead(noted(parts, record))) {
      const { parts: leaving, end } = await release.pass(batch);
      for (const part of leaving) {
        if (part.type === 'start') record.model = part.model || record.model || record.backend;
        if (part.type === 'text') record.released();
        if (part.type === 'text' && part.channel === 'content') content += part.text;
        yield part.type === 'start' ? { ...part, model: record.model, backend: record.backend } : part;
      }
      if (!end) continue;
      // Cut off here: whatever follows, and however slowly it is read, the back end works no longer.
      if (!end.usage) stop?.();
      const cited = citationsIn(content, sources, citable === undefined);
      const citations = await moderatedCitations(cited, tenant, moderate);
      const usage = end.usage ?? record.counted;
      record.ended(end.reason, usage);
      yield { type: 'end', reason: end.reason, usage, citations, findings: findings.all };
      return;
    }
    throw new MillraceError('backend_error', { detail: 'the answer has no end' });
  }
}

const madeBy = (backend: string | undefined) =>
  backend === undefined ? ({ generator: 'extractive' } as const) : ({ generator: 'model', backend } as const);

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
