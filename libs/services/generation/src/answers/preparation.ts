import { Inject, Injectable } from '@nestjs/common';
import type { StatedPrompt } from '@millrace/contracts';
import { Caller, type SettingsOf } from '@millrace/platform';
import type { ChatMessage } from '@millrace/ports';
import { extractiveModel } from '../extracts/extractive-answerer.ts';
import { generationSettings } from '../generation-settings.ts';
import { Support } from '../grounding/support.ts';
import { History } from '../history/history.ts';
import { Lookup, type LookedUp } from '../lookup/lookup.ts';
import { shownSearch } from '../lookup/shown-search.ts';
import { KnownPrompts } from '../model/known-prompts.ts';
import { charsIn } from '../model/model-answerer.ts';
import { numberSources } from '../model/prompt.ts';
import { AnswerModeration } from '../release/answer-moderation.ts';
import type { Routed } from '../traffic/traffic.ts';
import type { Way } from './answer.ts';
import type { Source } from './answer-part.ts';
import type { AnswerRecord } from './answer-record.ts';
import type { Asked } from './asked.ts';

/** A question that was let in, moderated and looked up. */
export interface Prepared {
  /** As moderation leaves it, and, for a language model, held to the bound of its conversation. */
  readonly asked: Asked;
  /** Undefined: extracts. */
  readonly routed: Routed | undefined;
  readonly found: LookedUp;
  /** What was found is too weak to answer from: nobody is asked. */
  readonly isWeak: boolean;
  /** What a language model would be given of it. */
  readonly sources: readonly Source[];
  /** What it would be told with them. */
  readonly prompt: StatedPrompt | undefined;
  readonly moderation: AnswerModeration;
  readonly record: AnswerRecord;
  readonly way: Way;
}

/** All that is done before anybody is asked to answer. */
@Injectable()
export class Preparation {
  constructor(
    @Inject(Caller) private readonly caller: Caller,
    @Inject(Lookup) private readonly lookup: Lookup,
    @Inject(Support) private readonly support: Support,
    @Inject(KnownPrompts) private readonly prompts: KnownPrompts,
    @Inject(History) private readonly history: History,
    @Inject(generationSettings.token) private readonly settings: SettingsOf<typeof generationSettings>,
  ) {}

  async of(question: Asked, routed: Routed | undefined, record: AnswerRecord): Promise<Prepared> {
    const { principal, signal } = question;
    const moderation = this.moderationOf(question, record);
    if (!routed) record.backend = extractiveModel;
    record.model = routed ? (question.request.model ?? '') : extractiveModel;
    const request = await moderation.question(question.request);
    record.promptChars = charsIn(request.messages as readonly ChatMessage[]);
    const found = await this.lookup.find({
      ...{ request, principal, routed, signal },
      onUsage: (usage) => record.alsoUsed(usage),
    });
    record.lookedUp();
    const judged = await this.support.judge(request, found, signal);
    const isWeak = judged?.isWeak ?? false;
    record.support = judged?.support;
    const sources = numberSources(found.passages ?? [], this.settings.sourceChars);
    record.sources = sources;
    const moderated = { ...question, request };
    const asked = routed && !isWeak ? await this.bounded(moderated, routed, record) : moderated;
    const prompt = routed && !isWeak && found.passages ? await this.prompts.of(principal.tenant) : undefined;
    record.prompt = prompt?.version;
    const way = await this.wayTo(moderated, found, moderation, record);
    return { asked, routed, found, isWeak, sources, prompt, moderation, record, way };
  }

  private moderationOf({ principal: { tenant }, signal }: Asked, record: AnswerRecord): AnswerModeration {
    const { maxPromptChars: maxChars } = this.settings;
    return new AnswerModeration(this.caller, { tenant, record, maxChars, signal });
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

  private async wayTo(
    { request, showing, principal: { tenant }, signal }: Asked,
    { question, passages, rerank }: LookedUp,
    moderation: AnswerModeration,
    { history, support, admitted: { tier } }: AnswerRecord,
  ): Promise<Way> {
    const search =
      showing && passages
        ? await shownSearch({ question, passages }, showing, tenant, moderation.answer(signal))
        : undefined;
    return {
      ...{ ...(rerank && { rerank }), ...(search && { search }), ...(history && { history }) },
      ...{ ...(support !== undefined && { support }), ...(request.service_tier && { tier }) },
    };
  }
}
