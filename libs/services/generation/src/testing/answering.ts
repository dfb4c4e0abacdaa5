import {
  calls,
  type CallSpec,
  type ChatCompletionRequest,
  type EventData,
  type events,
  type SearchResult,
} from '@millrace/contracts';
import type {
  BackEnd,
  Conversation,
  GenerationPart,
  GenerationRequest,
  Generator,
  TextToContinue,
} from '@millrace/ports';
import type { Caller, EventPublisher, Logger } from '@millrace/platform';
import { Admission } from '../admission/admission.ts';
import { AnswerQueue } from '../admission/answer-queue.ts';
import { Quotas } from '../admission/quotas.ts';
import { AnswerRecords } from '../answers/answer-records.ts';
import type { Answer } from '../answers/answer.ts';
import { Answerer } from '../answers/answerer.ts';
import { Composer } from '../answers/composer.ts';
import { Preparation } from '../answers/preparation.ts';
import { AnswerCache } from '../cache/answer-cache.ts';
import { ExtractiveAnswerer } from '../extracts/extractive-answerer.ts';
import { History } from '../history/history.ts';
import { FollowUps } from '../lookup/follow-ups.ts';
import { Support } from '../grounding/support.ts';
import { Lookup } from '../lookup/lookup.ts';
import { KnownPrompts } from '../model/known-prompts.ts';
import { Traffic } from '../traffic/traffic.ts';
import { CacheDouble } from './cache-double.ts';
import { LedgerDouble } from './ledger-double.ts';

type Completed = EventData<typeof events.answerCompleted>;
type Reply = (input: never, signal: AbortSignal) => unknown;
export type Answering = ReturnType<typeof answering>;

export const passage: SearchResult = {
  document_id: 'mill',
  version: 2,
  chunk_id: '00000000-0000-5000-8000-000000000000',
  score: 0.9,
  title: 'The mill',
  text: 'The mill was built by Josiah Crane. It grinds spelt.',
  start: 40,
  end: 92,
  headings: [],
  metadata: {},
};
export const allow = ({ text }: { text: string }) => ({
  action: 'allow',
  text,
  holdFrom: text.length,
  findings: [],
  next: { preceding: '', encoding: 'text' as const },
});
export const redactCrane = ({ text }: { text: string }) => ({
  ...allow({ text }),
  text: text.replaceAll('Josiah Crane', '***'),
});
export const tokens = (...words: readonly string[]): GenerationPart[] => [
  { type: 'start', model: 'm-1' },
  ...words.map((content): GenerationPart => ({ type: 'delta', choice: 0, delta: { content } })),
  { type: 'end', finishReasons: ['stop'], usage: { promptTokens: 5, completionTokens: 2 } },
];
export const never = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
    if (signal.aborted) reject(signal.reason as Error);
  });

/** An answerer with the services around it played, and what it told and asked of them. */
export function answering() {
  const replies = new Map<CallSpec, Reply>([
    [calls.tenantQuota, () => ({ quota: {} })],
    [calls.tenantPrompt, () => ({ version: 'p-1', prompt: {} })],
    [calls.moderate, allow],
    [calls.findPassages, () => ({ results: [passage] })],
    [
      calls.embedTexts,
      ({ texts }: { texts: string[] }) => ({
        vectors: texts.map((text) => (/mill|spelt/.test(text) ? [1, 0] : [0, 1])),
        tokens: 1,
        model: 'e',
        dims: 2,
      }),
    ],
  ]);
  const published: Completed[] = [];
  const requests: (GenerationRequest & Partial<Conversation & TextToContinue>)[] = [];
  const ledger = new LedgerDouble();
  const cache = new CacheDouble();
  let stopped = 0;

  /** A back end that says these parts; a promise among them is waited for, and an error thrown. */
  const backEnd = (...script: readonly (GenerationPart | Error | 'stall')[]): Generator => ({
    name: 'mock',
    models: async () => ['m-1'],
    healthy: async () => true,
    async *generate(request, signal) {
      requests.push(request);
      try {
        for (const step of script) {
          if (step instanceof Error) throw step;
          if (step === 'stall') await never(signal);
          else yield step;
        }
      } finally {
        if (signal.aborted) stopped += 1;
      }
    },
  });

  const answerer = (generator: Generator | undefined, settings: object = {}): Answerer =>
    answererOf(
      generator
        ? [{ name: generator.name, generator, weight: 1, price: { prompt: 0.5, completion: 3 } }]
        : [],
      settings,
    );

  function answererOf(backEnds: readonly BackEnd[], settings: object = {}): Answerer {
    const caller = {
      call: async (spec: CallSpec, input: never, { signal }: { signal?: AbortSignal } = {}) =>
        replies.get(spec)!(input, signal!),
    } as unknown as Caller;
    const publisher = {
      publish: async (_spec: unknown, data: Completed) => void published.push(data),
    } as unknown as EventPublisher;
    const quiet = () => undefined;
    const logger = { error: quiet, warn: quiet, debug: quiet } as unknown as Logger;
    const limits = {
      answerCache: 'deterministic' as const,
      answerCacheKb: 256,
      answerCacheMinutes: 60,
      answerTokens: 100,
      hedgePercent: 0,
      budgetMs: undefined,
      quotaFailure: 'closed' as const,
      followUpMs: 1000,
      historyTokens: 1000,
      historySummaryMinutes: 10,
      historySummaryMs: 1000,
      leastSupport: 0,
      maxAnswers: 2,
      maxAnswerChars: 1000,
      maxWaiting: 4,
      priorityTenants: ['first'],
      queueSeconds: 30,
      maxPromptChars: 1000,
      maxSeconds: 60,
      passages: 8,
      sourceChars: 1000,
      ...settings,
    };
    const records = new AnswerRecords(publisher, logger, limits);
    const preparation = new Preparation(
      caller,
      new Lookup(caller, new FollowUps(limits, logger), limits),
      new Support(caller, limits),
      new KnownPrompts(caller),
      new History(limits, logger),
      limits,
    );
    return new Answerer(
      new Admission(
        new Traffic(backEnds, logger, limits),
        new Quotas(caller, ledger, logger, limits),
        new AnswerQueue(limits),
        limits,
      ),
      preparation,
      new Composer(new ExtractiveAnswerer(caller), limits),
      new AnswerCache(cache, limits),
      records,
      logger,
      limits,
    );
  }

  return {
    replies,
    published,
    requests,
    ledger,
    cache,
    stopped: () => stopped,
    backEnd,
    answerer,
    answererOf,
  };
}

export const asked = (
  request: Partial<ChatCompletionRequest> = {},
  signal = new AbortController().signal,
) => ({
  request: { messages: [{ role: 'user' as const, content: 'Who built the mill?' }], ...request },
  principal: { tenant: 'default', name: 'user:a', groups: [], rights: ['read' as const] },
  requestId: 'r-1',
  signal,
});

export async function collect(answer: AsyncIterable<Answer>) {
  const parts: Answer[] = [];
  let error: unknown;
  try {
    for await (const part of answer) parts.push(part);
  } catch (thrown) {
    error = thrown;
  }
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  return { parts, text, end: parts.at(-1), error };
}
