import {
  calls,
  documentKey,
  documentVersionKey,
  MillraceError,
  type ChatCompletionRequest,
} from '@millrace/contracts';
import type { GenerationPart, Generator } from '@millrace/ports';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  allow,
  answering,
  type Answering,
  asked,
  collect,
  passage,
  redactCrane,
  tokens,
} from '../testing/answering.ts';
import type { CacheOutcome } from './answer-cache-counts.ts';
import type { CacheWish } from './cache-wish.ts';

const policy = (version: string) => ({ policy: { version, policy: {} } });
const mill = { tenant: 'default', document: 'mill' };
const [start, word, end] = tokens('Crane [1].') as [GenerationPart, GenerationPart, GenerationPart];

let at: Answering;
let outcomes: CacheOutcome[];
beforeEach(() => {
  at = answering();
  outcomes = [];
  at.replies.set(calls.moderate, (input: { text: string }) => ({ ...allow(input), ...policy('p1') }));
});

const question = (
  request: Partial<ChatCompletionRequest> = {},
  more: { signal?: AbortSignal; cacheWish?: CacheWish; tenant?: string } = {},
) => {
  const usual = asked({ temperature: 0, ...request }, more.signal);
  return {
    ...usual,
    ...(more.cacheWish && { cacheWish: more.cacheWish }),
    principal: { ...usual.principal, tenant: more.tenant ?? 'default' },
    onCache: (outcome: CacheOutcome) => void outcomes.push(outcome),
  };
};

describe('the same question', () => {
  it('is answered by what was kept: with the same parts, for nothing', async () => {
    const answerer = at.answerer(at.backEnd(...tokens('Crane', ' [1].')));
    const first = await collect(answerer.answer(question()));
    const again = await collect(answerer.answer(question()));
    expect([at.requests.length, outcomes]).toEqual([1, ['miss', 'hit']]);
    expect([again.parts[0], again.text]).toEqual([first.parts[0], first.text]);
    const { usage, citations } = first.end as Extract<typeof first.end, { type: 'end' }>;
    expect(again.end).toMatchObject({ citations, usage: { ...usage, cachedTokens: 5 } });
    expect(at.published).toMatchObject([
      { outcome: 'complete', usage: { promptTokens: 5, completionTokens: 2 } },
      {
        ...{ outcome: 'complete', model: 'm-1', backend: 'mock', attempts: [], policy: 'p1' },
        ...{ usage: { promptTokens: 0, completionTokens: 0 }, sources: [{ document: 'mill', version: 2 }] },
        cached: { by: 'hit', promptTokens: 5, completionTokens: 2 },
      },
    ]);
    expect(at.published.map((record) => 'cost' in record)).toEqual([true, false]);
  });

  it('counts as a request of the quota, and takes none of its tokens', async () => {
    at.replies.set(calls.tenantQuota, () => ({ quota: { tokens_per_minute: 1_000_000 } }));
    const answerer = at.answerer(at.backEnd(...tokens('Crane [1].')));
    for (let n = 0; n < 2; n++) await collect(answerer.answer(question()));
    expect(at.ledger.settled).toMatchObject([
      { requests: 1, tokens: 7 },
      { requests: 1, tokens: 0, spend: 0 },
    ]);
  });

  it('is answered by extracts that were kept', async () => {
    const answerer = at.answerer(undefined);
    const first = await collect(answerer.answer(question({ temperature: undefined })));
    at.replies.set(calls.embedTexts, () => Promise.reject(new Error('asked again')));
    const again = await collect(answerer.answer(question({ temperature: undefined })));
    expect([outcomes, again.parts[0], again.text]).toEqual([['miss', 'hit'], first.parts[0], first.text]);
    expect(at.published[1]).toMatchObject({ backend: 'millrace-extractive', cached: { by: 'hit' } });
  });

  it('is moderated itself, and what was found in the answer is recorded again', async () => {
    const found = { category: 'pii/email', action: 'redact', score: 1, start: 0, end: 1 };
    at.replies.set(calls.moderate, (input: { text: string; direction: string }) => ({
      ...{ ...redactCrane(input), ...policy('p1') },
      findings: [{ ...found, category: input.direction === 'input' ? 'hate' : 'pii/email' }],
    }));
    const answerer = at.answerer(at.backEnd(...tokens('Josiah Crane [1].')));
    for (let n = 0; n < 2; n++) expect((await collect(answerer.answer(question()))).text).toBe('*** [1].');
    expect(outcomes).toEqual(['miss', 'hit']);
    expect(at.cache.texts).not.toContain('Crane');
    const [made, told] = at.published;
    expect(told!.findings).toEqual(made!.findings);
    expect(told!.findings).toHaveLength(2);
  });

  it.each<[string, () => Parameters<typeof question>]>([
    ['at another temperature', () => [{ temperature: 1 }]],
    ['with tools', () => [{ tools: [{ type: 'function', function: { name: 'f' } }] }]],
    ['that is not to be kept', () => [{}, { cacheWish: { read: false, store: false } }]],
  ])('%s is asked anew, and the cache is not asked', async (_, asking) => {
    const answerer = at.answerer(at.backEnd(...tokens('Crane [1].')));
    for (let n = 0; n < 2; n++) await collect(answerer.answer(question(...asking())));
    expect([at.requests.length, at.cache.lookups, at.cache.entries.size, outcomes]).toEqual([2, 0, 0, []]);
  });

  it('is asked anew where no answers are kept', async () => {
    const answerer = at.answerer(at.backEnd(...tokens('Crane [1].')), { answerCache: 'off' });
    for (let n = 0; n < 2; n++) await collect(answerer.answer(question()));
    expect([at.requests.length, at.cache.lookups, outcomes]).toEqual([2, 0, []]);
  });

  it('is asked anew where that is wished, and the new answer takes the place of the old', async () => {
    const told = ['old', 'new'];
    const answerer = at.answerer(saying(() => [start, delta(told[at.requests.length - 1] ?? 'none'), end]));
    await collect(answerer.answer(question()));
    await collect(answerer.answer(question({}, { cacheWish: { read: false, store: true } })));
    expect((await collect(answerer.answer(question()))).text).toBe('new');
    expect(outcomes).toEqual(['miss', 'miss', 'hit']);
  });

  it('is asked anew of another tenant, under another policy, and of another version', async () => {
    const answerer = at.answerer(at.backEnd(...tokens('Crane [1].')));
    await collect(answerer.answer(question()));
    await collect(answerer.answer(question({}, { tenant: 'other' })));
    at.replies.set(calls.moderate, (input: { text: string }) => ({ ...allow(input), ...policy('p2') }));
    await collect(answerer.answer(question()));
    at.replies.set(calls.findPassages, () => ({ results: [{ ...passage, version: 3 }] }));
    await collect(answerer.answer(question()));
    expect([at.requests.length, outcomes]).toEqual([4, ['miss', 'miss', 'miss', 'miss']]);
  });

  it.each([
    ['document', documentKey(mill)],
    ['version', documentVersionKey({ ...mill, version: 2 })],
  ])('is asked anew when its %s is gone, of which nothing is left', async (_, owner) => {
    const answerer = at.answerer(at.backEnd(...tokens('Crane [1].')));
    await collect(answerer.answer(question()));
    expect(at.cache.texts).toContain('Josiah Crane');
    expect(await at.cache.forget(owner)).toBe(1);
    expect(at.cache.texts).toBe('');
    // What was under way is not kept either.
    await collect(answerer.answer(question()));
    expect([at.cache.texts, at.requests.length]).toEqual(['', 2]);
  });

  it('is answered all the same where the cache fails or holds noise', async () => {
    const answerer = at.answerer(at.backEnd(...tokens('Crane [1].')));
    at.cache.failure = new Error('away');
    for (let n = 0; n < 2; n++) expect((await collect(answerer.answer(question()))).text).toBe('Crane [1].');
    at.cache.failure = undefined;
    await collect(answerer.answer(question()));
    for (const [key, entry] of at.cache.entries)
      at.cache.entries.set(key, { ...entry, value: new Uint8Array(9) });
    expect((await collect(answerer.answer(question()))).text).toBe('Crane [1].');
    expect(outcomes).toEqual(['miss', 'miss', 'miss', 'miss']);
  });
});

describe('an answer is not kept', () => {
  it.each<[string, () => Generator, object]>([
    ['that was cut off', () => saying(() => [start, word, { type: 'end', finishReasons: ['length'] }]), {}],
    ['that is longer than one may be', () => at.backEnd(...tokens('x'.repeat(200))), { maxAnswerChars: 100 }],
    ['that broke off', () => at.backEnd(start, word, new MillraceError('backend_error')), {}],
    ['that is too large', () => at.backEnd(...tokens('Crane [1].', 'x'.repeat(900))), { answerCacheKb: 1 }],
  ])('%s', async (_, generator, settings) => {
    await collect(at.answerer(generator(), settings).answer(question()));
    expect(at.cache.entries.size).toBe(0);
  });

  it('that moderation ended', async () => {
    at.replies.set(calls.moderate, (input: { text: string; direction: string }) => ({
      ...{ ...allow(input), ...policy('p1') },
      ...(input.direction === 'output' && { action: 'block', text: '' }),
    }));
    await collect(at.answerer(at.backEnd(...tokens('Crane [1].'))).answer(question()));
    expect(at.published).toMatchObject([{ outcome: 'suppressed' }]);
    expect(at.cache.entries.size).toBe(0);
  });
});

describe('the same question at the same time', () => {
  it('is answered once for all who ask, as it comes', async () => {
    const gate = Promise.withResolvers<void>();
    const answerer = at.answerer(saying(() => [start, word, gate.promise, delta(' Yes.'), end]));
    const [first, second] = [answerer.answer(question()), answerer.answer(question())];
    expect([await first.next(), await second.next()]).toMatchObject([
      { value: { type: 'start', backend: 'mock' } },
      { value: { type: 'start', backend: 'mock' } },
    ]);
    expect((await second.next()).value).toMatchObject({ text: 'Crane [1].' });
    gate.resolve();
    const [whole, rest] = [await collect(first), await collect(second)];
    expect([whole.text, rest.text, whole.error, rest.error]).toEqual([
      'Crane [1]. Yes.',
      ' Yes.',
      undefined,
      undefined,
    ]);
    expect([at.requests.length, outcomes]).toEqual([1, ['miss', 'shared']]);
    const given = at.published.find(({ cached }) => cached)!;
    expect(given).toMatchObject({
      usage: { promptTokens: 0 },
      cached: { by: 'shared', completionTokens: 2 },
    });
    expect(rest.end).toMatchObject({ usage: { cachedTokens: 5 } });
  });

  it('goes on when the first leaves, on its account, whose record waits for it', async () => {
    const gate = Promise.withResolvers<void>();
    const leaving = new AbortController();
    const answerer = at.answerer(saying(() => [start, word, gate.promise, delta(' Yes.'), end]));
    const first = collect(answerer.answer(question({}, { signal: leaving.signal })));
    await expect.poll(() => outcomes).toEqual(['miss']);
    const second = answerer.answer(question());
    await second.next();
    leaving.abort(new MillraceError('cancelled'));
    await new Promise(setImmediate);
    expect(at.published).toEqual([]);
    gate.resolve();
    expect((await collect(second)).text).toBe('Crane [1]. Yes.');
    expect((await first).error).toMatchObject({ code: 'cancelled' });
    await expect.poll(() => at.published.length).toBe(2);
    const of = (outcome: string) => at.published.find((record) => record.outcome === outcome);
    expect(of('cancelled')).toMatchObject({
      usage: { promptTokens: 5, completionTokens: 2, estimated: false },
    });
    expect(of('complete')).toMatchObject({ usage: { promptTokens: 0, completionTokens: 0 } });
    expect((await collect(answerer.answer(question()))).text).toBe('Crane [1]. Yes.');
    expect(outcomes).toEqual(['miss', 'shared', 'hit']);
  });

  it('stops the model when all have left', async () => {
    const leaving = new AbortController();
    const answerer = at.answerer(at.backEnd(start, word, 'stall'));
    const both = [1, 2].map(() => collect(answerer.answer(question({}, { signal: leaving.signal }))));
    await expect.poll(() => outcomes).toEqual(['miss', 'shared']);
    leaving.abort(new MillraceError('cancelled'));
    await Promise.all(both);
    expect(at.stopped()).toBe(1);
    expect(at.published.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled']);
    expect(at.published.map(({ usage }) => usage.promptTokens > 0).sort()).toEqual([false, true]);
  });

  it('is asked by the next where the first fails before its first word', async () => {
    const gate = Promise.withResolvers<void>();
    const answerer = at.answerer(
      saying(() =>
        at.requests.length === 1 ? [gate.promise, new MillraceError('backend_error')] : [start, word, end],
      ),
      { maxAnswers: 4 },
    );
    const [first, ...others] = [1, 2, 3].map(() => collect(answerer.answer(question())));
    await expect.poll(() => at.requests.length).toBe(1);
    gate.resolve();
    expect((await first!).error).toMatchObject({ code: 'backend_error' });
    for (const other of others) expect((await other).text).toBe('Crane [1].');
    expect([at.requests.length, outcomes]).toEqual([2, ['miss', 'miss', 'shared']]);
    expect(at.published.map(({ usage }) => usage.completionTokens).sort()).toEqual([0, 0, 2]);
  });

  it('is not asked again where it would never be answered', async () => {
    const gate = Promise.withResolvers<void>();
    const answerer = at.answerer(saying(() => [gate.promise, new MillraceError('backend_refused')]));
    const both = [1, 2].map(() => collect(answerer.answer(question())));
    await expect.poll(() => at.requests.length).toBe(1);
    await new Promise(setImmediate);
    gate.resolve();
    for (const { error } of await Promise.all(both)) expect(error).toMatchObject({ code: 'backend_refused' });
    expect(at.requests).toHaveLength(1);
  });

  it('is asked by each for himself where a renewed one is wished', async () => {
    const answerer = at.answerer(at.backEnd(...tokens('Crane [1].')));
    const cacheWish = { read: false, store: true };
    await Promise.all([1, 2].map(() => collect(answerer.answer(question({}, { cacheWish })))));
    expect([at.requests.length, outcomes]).toEqual([2, ['miss', 'miss']]);
  });
});

const delta = (content: string): GenerationPart => ({ type: 'delta', choice: 0, delta: { content } });

/** A back end that says for each question what it is told to then; a promise is waited for, an error thrown. */
function saying(script: () => readonly (GenerationPart | Error | Promise<void>)[]): Generator {
  return {
    ...at.backEnd(),
    async *generate(request, signal) {
      at.requests.push(request);
      for (const step of script()) {
        if (step instanceof Error) throw step;
        if (step instanceof Promise) await Promise.race([step, aborted(signal)]);
        else yield step;
      }
    },
  };
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
