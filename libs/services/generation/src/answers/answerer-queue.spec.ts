import { setTimeout as pause } from 'node:timers/promises';
import { calls } from '@millrace/contracts';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { answering, asked, collect, tokens, type Answering } from '../testing/answering.ts';

let at: Answering;
beforeEach(() => {
  at = answering();
});

const oneAtATime = { maxAnswers: 1 };
const of = (tenant: string, request: object = {}) => ({
  ...asked(request),
  principal: { ...asked().principal, tenant },
});

/** It has the place until `leave`. */
async function occupied(settings: object = {}) {
  const answerer = at.answerer(at.backEnd(...tokens('Crane.')), { ...oneAtATime, ...settings });
  const first = answerer.answer(asked());
  await first.next();
  return { answerer, leave: () => collect(first) };
}

describe('an answer for which there is no place yet', () => {
  it('is given when there is one, and says in its record how long it waited', async () => {
    const { answerer, leave } = await occupied();
    const second = collect(answerer.answer(asked()));
    await pause(30);
    expect(at.requests).toHaveLength(1);
    await leave();
    expect((await second).error).toBeUndefined();
    expect(at.published[1]!.millis.waited).toBeGreaterThan(25);
  });

  it('reserves nothing of the quota while it waits, nor when it waits in vain', async () => {
    at.replies.set(calls.tenantQuota, () => ({ quota: { tokens_per_day: 100_000 } }));
    const { answerer, leave } = await occupied();
    const refused = await collect(answerer.answer({ ...asked(), budgetMs: 5 }));
    expect(refused.error).toMatchObject({ code: 'overloaded' });
    expect(at.ledger.reserved).toHaveLength(1);
    const second = collect(answerer.answer(asked()));
    await leave();
    expect((await second).error).toBeUndefined();
    expect(at.ledger.reserved).toHaveLength(2);
    expect(at.published).toHaveLength(2);
  });

  it('is refused for what is wrong with it without waiting', async () => {
    const { answerer } = await occupied();
    const refused = await collect(answerer.answer({ ...asked(), backEnd: 'nobody' }));
    expect(refused.error).toMatchObject({ code: 'back_end_not_found' });
  });

  it('gives its place on when the quota refuses it', async () => {
    const { answerer, leave } = await occupied();
    at.replies.set(calls.tenantQuota, () => ({ quota: { requests_per_day: 0 } }));
    const refused = collect(answerer.answer(of('poor')));
    await vi.waitFor(() => expect(at.requests).toHaveLength(1));
    await leave();
    expect((await refused).error).toMatchObject({ code: 'exceeds_quota' });
    at.replies.set(calls.tenantQuota, () => ({ quota: {} }));
    expect((await collect(answerer.answer(of('rich')))).error).toBeUndefined();
  });
});

describe('a service tier', () => {
  const tierOf = async (tenant: string, service_tier?: string) => {
    const { parts } = await collect(
      at.answerer(at.backEnd(...tokens('Crane.'))).answer(of(tenant, { service_tier })),
    );
    return parts[0]?.type === 'start' ? parts[0].tier : 'none';
  };

  it('is told where one is asked for: priority of those who may have it', async () => {
    expect(await tierOf('first', 'priority')).toBe('priority');
    expect(await tierOf('other', 'priority')).toBe('default');
    expect(await tierOf('other', 'flex')).toBe('flex');
    expect(await tierOf('other')).toBeUndefined();
    expect(at.published.map(({ tier }) => tier)).toEqual(['priority', 'default', 'flex', 'default']);
  });

  it('is not passed on', async () => {
    await tierOf('other', 'flex');
    expect(at.requests[0]!.parameters).toEqual({});
  });
});
