import { Inject, Injectable } from '@nestjs/common';
import {
  calls,
  events,
  MillraceError,
  searchRequest,
  type ChatCompletionRequest,
  type Citation,
  type Principal,
  type SearchResult,
} from '@millrace/contracts';
import { GENERATOR, type ChatMessage, type Generator } from '@millrace/ports';
import { Caller, EventPublisher, LOGGER, type Logger, type SettingsOf } from '@millrace/platform';
import type { AnswerPart, FinishReason, Source, Usage } from './answer-part.ts';
import { AnswerRecord } from './answer-record.ts';
import { citationsIn } from './citations.ts';
import { ExtractiveAnswerer, extractiveModel } from './extractive-answerer.ts';
import { generationSettings } from './generation-settings.ts';
import { HeldText } from './held-text.ts';
import { questionIn } from './message-text.ts';
import { modelAnswer, refuseUnsupported } from './model-answerer.ts';
import { numberSources, promptWith } from './prompt.ts';

export interface Asked {
  readonly request: ChatCompletionRequest;
  readonly principal: Principal;
  readonly requestId: string;
  readonly signal: AbortSignal;
}

/** One `start`, any number of `text`, one `end`; or an error. */
export type Answer =
  | { readonly type: 'start'; readonly model: string; readonly generator: 'extractive' | 'model' }
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'end';
      readonly reason: FinishReason;
      readonly usage: Usage;
      readonly citations: readonly Citation[];
    };

/** The longest question that is searched for; the model sees all of it. */
const maxQueryChars = 8192;

/**
 * The way of a question: moderated, looked up, answered by a language model or by extracts, moderated again on its way
 * out, cited. Every way ends in exactly one `generation.answer.completed.v1`.
 */
@Injectable()
export class Answerer {
  private underWay = 0;

  constructor(
    @Inject(Caller) private readonly caller: Caller,
    @Inject(GENERATOR) private readonly generator: Generator | undefined,
    @Inject(ExtractiveAnswerer) private readonly extractive: ExtractiveAnswerer,
    @Inject(EventPublisher) private readonly events: EventPublisher,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(generationSettings.token) private readonly settings: SettingsOf<typeof generationSettings>,
  ) {}

  async *answer(asked: Asked): AsyncGenerator<Answer> {
    if (this.underWay >= this.settings.maxAnswers) throw new MillraceError('queue_full', { retryAfter: 1 });
    this.underWay += 1;
    const record = new AnswerRecord(asked.principal.tenant, asked.requestId);
    const tooLate = AbortSignal.timeout(this.settings.maxSeconds * 1000);
    const signal = AbortSignal.any([asked.signal, tooLate]);
    try {
      yield* this.make({ ...asked, signal }, record);
    } catch (error) {
      if (!asked.signal.aborted) record.failed();
      throw tooLate.aborted ? new MillraceError('deadline_exceeded', { cause: error }) : error;
    } finally {
      this.underWay -= 1;
      await this.complete(record);
    }
  }

  async models(): Promise<string[]> {
    return [...((await this.generator?.models()) ?? []), extractiveModel];
  }

  private async *make(asked: Asked, record: AnswerRecord): AsyncGenerator<Answer> {
    const { request, principal, signal } = asked;
    refuseUnsupported(request);
    const question = questionIn(request.messages);
    const generator = this.choose(request.model);
    record.model = request.model ?? generator?.name ?? extractiveModel;
    record.backend = generator?.name ?? extractiveModel;
    await this.refuseBlocked(principal.tenant, question, signal);
    const passages = await this.passages(asked, question);
    record.retrieved();
    const { sources, parts } = generator
      ? this.byModel(generator, request, passages, signal)
      : await this.extractive.answer(question, passages ?? [], signal);
    record.sources = sources;
    yield { type: 'start', model: record.model, generator: generator ? 'model' : 'extractive' };
    yield* this.release(parts, sources, principal.tenant, record, signal);
  }

  /** Undefined: extracts, because there is no model or because they were asked for. */
  private choose(model: string | undefined): Generator | undefined {
    if (model === extractiveModel) return undefined;
    if (!this.generator && model !== undefined)
      throw new MillraceError('model_not_found', { param: 'model' });
    return this.generator;
  }

  private async refuseBlocked(tenant: string, text: string, signal: AbortSignal): Promise<void> {
    const verdict = await this.caller.call(calls.moderate, { tenant, direction: 'input', text }, { signal });
    if (verdict.action === 'block') throw new MillraceError('content_blocked', { param: 'messages' });
  }

  /** Undefined when the request wants none. */
  private async passages(
    { request, principal, signal }: Asked,
    question: string,
  ): Promise<SearchResult[] | undefined> {
    const options = request.millrace?.retrieval ?? {};
    if (options === false) return undefined;
    if (question === '') return [];
    const search = searchRequest.parse({
      top_k: this.settings.passages,
      ...options,
      query: question.slice(0, maxQueryChars),
    });
    const { results } = await this.caller.call(
      calls.findPassages,
      { principal, request: search },
      { signal },
    );
    return results;
  }

  private byModel(
    generator: Generator,
    request: ChatCompletionRequest,
    passages: readonly SearchResult[] | undefined,
    signal: AbortSignal,
  ): { sources: readonly Source[]; parts: AsyncIterable<AnswerPart> } {
    const sources = numberSources(passages ?? [], this.settings.sourceChars);
    const messages = passages
      ? promptWith(sources, request.messages)
      : (request.messages as readonly ChatMessage[]);
    return { sources, parts: modelAnswer(generator, request, request.model, messages, signal) };
  }

  /** Through moderation and within the limit, then the end with its citations. */
  private async *release(
    parts: AsyncIterable<AnswerPart> | Iterable<AnswerPart>,
    sources: readonly Source[],
    tenant: string,
    record: AnswerRecord,
    signal: AbortSignal,
  ): AsyncGenerator<Answer> {
    const held = new HeldText(tenant, (input) => this.caller.call(calls.moderate, input, { signal }));
    let answer = '';
    for await (const part of parts) {
      const { text, blocked } = await held.push(part.type === 'text' ? part.text : '', part.type === 'end');
      const fitting = text.slice(0, this.settings.maxAnswerChars - answer.length);
      if (fitting !== '') {
        record.released(fitting);
        answer += fitting;
        yield { type: 'text', text: fitting };
      }
      const early = blocked ? 'content_filter' : fitting.length < text.length ? 'length' : undefined;
      if (part.type !== 'end' && early === undefined) continue;
      const reason = early ?? (part.type === 'end' ? part.reason : 'stop');
      const usage = part.type === 'end' ? part.usage : record.counted;
      record.ended(reason, usage);
      yield { type: 'end', reason, usage, citations: citationsIn(answer, sources) };
      return;
    }
  }

  /** An answer that was given stands, even when its record cannot be written: then the log has it. */
  private async complete(record: AnswerRecord): Promise<void> {
    const event = record.toEvent();
    try {
      await this.events.publish(events.answerCompleted, event);
    } catch (err) {
      this.logger.error({ err, answer: event }, 'the record of an answer could not be published');
    }
  }
}
