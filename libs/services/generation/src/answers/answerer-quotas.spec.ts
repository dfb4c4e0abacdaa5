import { calls, MillraceError, type ChatCompletionRequest, type Quota } from '@millrace/contracts';
import type { Generator, QuotaStanding } from '@millrace/ports';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { answering, asked, collect, tokens, type Answering } from '../testing/answering.ts';

let at: Answering;
beforeEach(() => {
  at = answering();
});

const limitTo = (quota: Quota) => at.replies.set(calls.tenantQuota, () => ({ quota }));
const model = () => at.backEnd(...tokens('Crane.'));
const ask = (
  request: Partial<ChatCompletionRequest> = {},
  generator: Generator = model(),
  settings?: object,
) => collect(at.answerer(generator, settings).answer(asked(request)));

/** In place of the usual. */
const blocksInput = () =>
  at.replies.set(calls.moderate, () => ({ action: 'block', text: '', holdFrom: 0, findings: [] }));

describe('a tenant without a quota', () => {
  it('has no ledger asked', async () => {
    expect((await ask()).error).toBeUndefined();
    expect([at.ledger.reserved, at.ledger.settled]).toEqual([[], []]);
  });

  it('is looked up once in two seconds', async () => {
    let lookups = 0;
    at.replies.set(calls.tenantQuota, () => ({ quota: {}, lookups: ++lookups }));
    const answerer = at.answerer(model());
    for (let n = 0; n < 3; n++) await collect(answerer.answer(asked()));
    expect(lookups).toBe(1);
  });
});

describe('an answer under a quota', () => {
  it('reserves what it may take before anything is begun, and settles what it took', async () => {
    limitTo({ requests_per_minute: 5, tokens_per_day: 10_000, spend_per_day: 2 });
    await ask({ max_completion_tokens: 40 });
    // 19 characters of the question and 1,000 of sources; half a millionth for a token of them, 3 for one of the answer.
    expect(at.ledger.reserved).toEqual([
      {
        tenant: 'default',
        cost: { requests: 1, tokens: 255 + 40, spend: 128 + 120 },
        limits: [
          { measure: 'requests', windowMs: 60_000, max: 5 },
          { measure: 'tokens', windowMs: 86_400_000, max: 10_000 },
          { measure: 'spend', windowMs: 86_400_000, max: 2_000_000 },
        ],
      },
    ]);
    expect(at.ledger.settled).toEqual([{ requests: 1, tokens: 7, spend: 9 }]);
  });

  it('reserves no sources where none are looked up, tools as they are, and the usual length', async () => {
    limitTo({ tokens_per_day: 10_000 });
    await ask({ millrace: { retrieval: false }, tools: [{ type: 'x' }], max_completion_tokens: null });
    expect(at.ledger.reserved).toMatchObject([{ cost: { tokens: Math.ceil((19 + 14) / 4) + 100 } }]);
  });

  it('costs no money where it is made of extracts', async () => {
    limitTo({ spend_per_day: 1 });
    await collect(at.answerer(undefined).answer(asked()));
    expect(at.ledger.settled).toMatchObject([{ requests: 1, spend: 0 }]);
  });

  it('settles what the record counts when the asker leaves', async () => {
    limitTo({ tokens_per_day: 10_000 });
    const answer = at.answerer(at.backEnd(...tokens('12345678').slice(0, 2), 'stall')).answer(asked());
    for await (const part of answer) if (part.type === 'text') break;
    expect(at.published).toMatchObject([{ outcome: 'cancelled', usage: { completionTokens: 2 } }]);
    expect(at.ledger.settled).toMatchObject([{ tokens: at.published[0]!.usage.promptTokens + 2 }]);
  });

  it('settles when it is suppressed, and when it fails', async () => {
    limitTo({ tokens_per_day: 10_000 });
    await ask({}, at.backEnd(...tokens('half').slice(0, 2), new MillraceError('backend_error')));
    blocksInput();
    await ask();
    expect(at.published).toMatchObject([{ outcome: 'failed' }, { outcome: 'suppressed' }]);
    const [failed, suppressed] = at.published.map(({ usage }) => usage);
    const tokensOf = (usage: typeof failed) => usage!.promptTokens + usage!.completionTokens;
    expect(at.ledger.settled).toEqual([
      {
        ...{ requests: 1, tokens: tokensOf(failed) },
        spend: Math.ceil(failed!.promptTokens / 2 + failed!.completionTokens * 3),
      },
      // Nobody was asked.
      { requests: 1, tokens: tokensOf(suppressed), spend: 0 },
    ]);
  });

  it('stands although it cannot be settled', async () => {
    limitTo({ tokens_per_day: 10_000 });
    const answer = at.answerer(model()).answer(asked());
    await answer.next();
    at.ledger.failure = new MillraceError('dependency_unavailable');
    expect((await collect(answer)).error).toBeUndefined();
    expect(at.published).toMatchObject([{ outcome: 'complete' }]);
  });
});

describe('an answer for which there is no quota left', () => {
  it('is refused with the time to wait, before anything is begun', async () => {
    limitTo({ requests_per_minute: 5, tokens_per_day: 10_000 });
    at.ledger.usedBefore = 9_990;
    const { error } = await ask();
    expect(error).toMatchObject({ code: 'quota_exhausted', retryAfter: 86_400 });
    expect((error as Error).message).toContain('tokens_per_day: the limit is 10000, this may take 355');
    expect([at.requests, at.published, at.ledger.settled]).toEqual([[], [], []]);
  });

  it('is refused for good where it alone is too much', async () => {
    limitTo({ spend_per_day: 0.0001 });
    const { error } = await ask({ max_completion_tokens: 50 });
    expect(error).toMatchObject({ code: 'exceeds_quota', retryAfter: undefined });
    expect((error as Error).message).toContain('spend_per_day: the limit is 0.0001, this may take 0.000278');
  });

  it('gives its place back', async () => {
    limitTo({ requests_per_minute: 0 });
    const answerer = at.answerer(model(), { maxAnswers: 1 });
    for (let n = 0; n < 3; n++)
      expect((await collect(answerer.answer(asked()))).error).toMatchObject({ code: 'exceeds_quota' });
  });

  it('says how the tenant stands, as one does that is granted', async () => {
    limitTo({ tokens_per_day: 1_000 });
    const told: QuotaStanding[] = [];
    const onStandings = (standings: readonly QuotaStanding[]) => void told.push(...standings);
    const answerer = at.answerer(model());
    for (const used of [100, 900]) {
      at.ledger.usedBefore = used;
      await collect(answerer.answer({ ...asked(), onStandings }));
    }
    expect(told.map(({ remaining }) => remaining)).toEqual([1_000 - 100 - 355, 100]);
  });
});

describe('while quotas cannot be asked', () => {
  const away = () => {
    throw new MillraceError('deadline_exceeded');
  };

  it.each([
    ['control', () => at.replies.set(calls.tenantQuota, away)],
    ['the ledger', () => (at.ledger.failure = new MillraceError('dependency_unavailable'))],
  ])('because %s is away, answers are refused, or not, as is set', async (_, breaks) => {
    limitTo({ tokens_per_day: 10_000 });
    breaks();
    expect((await ask()).error).toMatchObject({ code: 'dependency_unavailable' });
    expect([at.requests, at.published]).toEqual([[], []]);
    expect((await ask({}, model(), { quotaFailure: 'open' })).error).toBeUndefined();
    expect(at.published).toMatchObject([{ outcome: 'complete' }]);
  });

  it('a tenant is held to the limits that were known last when control is away', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      limitTo({ requests_per_minute: 7 });
      const answerer = at.answerer(model());
      await collect(answerer.answer(asked()));
      at.replies.set(calls.tenantQuota, away);
      vi.advanceTimersByTime(60_000);
      expect((await collect(answerer.answer(asked()))).error).toBeUndefined();
      expect(at.ledger.reserved).toMatchObject([{ limits: [{ max: 7 }] }, { limits: [{ max: 7 }] }]);
    } finally {
      vi.useRealTimers();
    }
  });
});
