import { Inject, Injectable } from '@nestjs/common';
import { MillraceError, type ChatCompletionRequest, type Unanswered } from '@millrace/contracts';
import type { SettingsOf } from '@millrace/platform';
import type { ChatMessage } from '@millrace/ports';
import {
  ExtractiveAnswerer,
  refuseWhatNeedsAModel,
  type ExtractiveQuestion,
} from '../extracts/extractive-answerer.ts';
import { generationSettings } from '../generation-settings.ts';
import { groundsOf } from '../grounding/grounds.ts';
import { notFound } from '../grounding/not-found.ts';
import { charsIn, modelAnswer } from '../model/model-answerer.ts';
import { promptWith } from '../model/prompt.ts';
import { textIn } from '../openai/text-question.ts';
import { AnswerRelease } from '../release/answer-release.ts';
import { citationsIn } from '../release/citations.ts';
import type { Moderate } from '../release/held-text.ts';
import { moderatedCitations } from '../release/moderated-citations.ts';
import { NotedFindings } from '../release/noted-findings.ts';
import type { Routed } from '../traffic/traffic.ts';
import type { AnswerPart, Source } from './answer-part.ts';
import type { AnswerRecord } from './answer-record.ts';
import type { Prepared } from './preparation.ts';
import { readAhead } from './read-ahead.ts';
import type { ToldPart } from './told-part.ts';

interface Composed {
  readonly sources: readonly Source[];
  readonly parts: AsyncIterable<AnswerPart> | Iterable<AnswerPart>;
  /** The numbers a language model may cite; undefined: its brackets, or those of extracts, are nobody's to check. */
  readonly citable?: ReadonlySet<number> | undefined;
  readonly unanswered?: Unanswered | undefined;
  /** Ends what is still being made of it. */
  readonly stop?: () => void;
}

/** Makes an answer: by a language model, by extracts, or of the word that nothing was found; moderated and cited. */
@Injectable()
export class Composer {
  constructor(
    @Inject(ExtractiveAnswerer) private readonly extractive: ExtractiveAnswerer,
    @Inject(generationSettings.token) private readonly settings: SettingsOf<typeof generationSettings>,
  ) {}

  async *compose(prepared: Prepared, signal: AbortSignal): AsyncGenerator<ToldPart> {
    const { asked, moderation, record } = prepared;
    const composed = await this.by(prepared, signal);
    record.sources = composed.sources;
    record.unanswered = composed.unanswered;
    yield* this.release(composed, asked.principal.tenant, record, moderation.answer(signal));
  }

  private async by(prepared: Prepared, signal: AbortSignal): Promise<Composed> {
    const { asked, routed, found, isWeak, record } = prepared;
    const { request, principal } = asked;
    const { question, passages } = found;
    if (isWeak) return byNobody(request, routed, record);
    if (routed) return byModel(routed, prepared, signal);
    return this.byExtracts({ tenant: principal.tenant, question, passages, request, signal }, record);
  }

  private byExtracts(question: ExtractiveQuestion, record: AnswerRecord): Promise<Composed> {
    record.connected();
    return this.extractive.answer(question);
  }

  /** Through moderation and within the limit, then the end with its citations. */
  private async *release(
    { parts, sources, citable, unanswered, stop }: Composed,
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
        yield part.type === 'start'
          ? { ...part, model: record.model, backend: record.backend, ...(unanswered && { unanswered }) }
          : part;
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
      const told = { reason: end.reason, usage, citations, findings: findings.all };
      yield { type: 'end', ...told, ...(groundedness && { groundedness }) };
      return;
    }
    throw new MillraceError('backend_error', { detail: 'the answer has no end' });
  }
}

function byNobody(
  request: ChatCompletionRequest,
  routed: Routed | undefined,
  record: AnswerRecord,
): Composed {
  if (!routed) refuseWhatNeedsAModel(request);
  record.backend = '';
  record.connected();
  return notFound(record.model);
}

function byModel(
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
