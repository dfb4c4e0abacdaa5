import { describe, expect, it, vi } from 'vitest';
import { jobs, MillraceError, type JobData } from '@millrace/contracts';
import type { Job } from '@millrace/ports';
import type { DeadLetterPublisher, GivenUp } from './dead-letter-publisher.ts';
import { jobWork } from './job-runner.ts';

const spec = jobs.removeDocument;
const data: JobData<typeof spec> = {
  tenant: 'acme',
  document: 'a',
  version: 3,
  withdrawnAt: '2026-01-01T00:00:00.000Z',
};
const job = (attempt: number, more: Partial<Job> = {}): Job => ({
  id: 'acme/a@3',
  data,
  lane: 'bulk',
  headers: {},
  attempt,
  deaths: 0,
  run: attempt,
  enqueuedAt: Date.now(),
  ...more,
});

function setting(run: () => Promise<void> = async () => {}) {
  const letters: { given: GivenUp; code: string }[] = [];
  const publisher = {
    publish: async (given: GivenUp, error: MillraceError) => void letters.push({ given, code: error.code }),
  } as unknown as DeadLetterPublisher;
  return { letters, work: jobWork(spec, run, publisher) };
}

const signal = new AbortController().signal;

describe('a job', () => {
  it('is retried with growing pauses while its error may pass and attempts are left', async () => {
    const { work, letters } = setting();
    const error = new MillraceError('internal');
    const delays = await Promise.all([1, 3, 5].map((attempt) => work.onFailure(job(attempt), error)));
    expect(delays.every(({ action }) => action === 'retry')).toBe(true);
    const [first, third, fifth] = delays.map((delay) => ('delayMs' in delay ? delay.delayMs : 0));
    expect(first).toBeGreaterThanOrEqual(250);
    expect(third).toBeGreaterThan(first!);
    expect(fifth).toBeGreaterThan(third!);
    expect(letters).toEqual([]);
  });

  it('is dead-lettered to its event’s topic when attempts run out', async () => {
    const { work, letters } = setting();
    const decision = await work.onFailure(job(spec.attempts), new MillraceError('internal'));
    expect(decision).toEqual({ action: 'discard' });
    expect(letters).toEqual([
      {
        code: 'internal',
        given: { origin: spec.on.name, key: 'acme/a', attempts: spec.attempts, payload: { json: data } },
      },
    ]);
  });

  it('is dead-lettered at once when its error cannot pass', async () => {
    const { work, letters } = setting();
    expect(await work.onFailure(job(1), new MillraceError('unreadable_document'))).toEqual({
      action: 'discard',
    });
    expect(letters[0]?.code).toBe('unreadable_document');
  });

  it('waits out an outage however long it lasts, and no shorter than the error asks', async () => {
    const { work, letters } = setting();
    const decision = await work.onFailure(
      job(spec.attempts, { run: 1000 }),
      new MillraceError('queue_full', { retryAfter: 300 }),
    );
    expect(decision).toMatchObject({ action: 'wait' });
    expect('delayMs' in decision && decision.delayMs).toBeGreaterThanOrEqual(300_000);
    expect(letters).toEqual([]);
  });

  it('pauses ever longer in an outage, although no attempt is counted', async () => {
    const { work } = setting();
    const away = new MillraceError('dependency_unavailable');
    const decisions = await Promise.all([1, 4].map((run) => work.onFailure(job(1, { run }), away)));
    const [first, fourth] = decisions.map((decision) => ('delayMs' in decision ? decision.delayMs : 0));
    expect(fourth).toBeGreaterThan(first! * 2);
  });

  it('that keeps killing its worker ends as poison without being run again', async () => {
    const run = vi.fn(async () => {});
    const { work } = setting(run);
    await work.handler(job(1, { deaths: 20 }), signal);
    expect(run).toHaveBeenCalledOnce();
    await expect(work.handler(job(1, { deaths: 21 }), signal)).rejects.toMatchObject({ code: 'poison_job' });
    expect(run).toHaveBeenCalledOnce();
  });

  it('with data that does not fit its schema is refused', async () => {
    const { work } = setting();
    await expect(work.handler(job(1, { data: { tenant: 'acme' } }), signal)).rejects.toMatchObject({
      code: 'invalid_event',
    });
  });
});
