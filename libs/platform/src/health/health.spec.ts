import { describe, expect, it } from 'vitest';
import { MillraceError } from '@millrace/contracts';
import { Health, type HealthCheck } from './health.ts';

const told: [string, unknown][] = [];
const running = (...checks: HealthCheck[]): Health => {
  told.length = 0;
  const health = new Health(checks, (name, error) => told.push([name, error]));
  health.started();
  return health;
};

describe('health', () => {
  it('is ready when every check passes, and shows its figures', async () => {
    const health = running({ name: 'queue', check: () => ({ ok: true, detail: { waiting: 3 } }) });
    expect(await health.report()).toEqual({
      status: 'ready',
      checks: { queue: { ok: true, detail: { waiting: 3 } } },
    });
  });

  it('keeps what an engine said to itself: a code and a sentence are shown, the error is told', async () => {
    const error = new Error('password authentication failed for "mill" at db.internal:5432 (secret)');
    const { status, checks } = await running(failing('registry', error)).report();
    expect(status).toBe('degraded');
    expect(checks['registry']!.ok).toBe(false);
    expect(checks['registry']!.detail).toEqual({
      code: 'dependency_unavailable',
      reason: expect.stringContaining('does not answer') as string,
    });
    expect(told).toEqual([['registry', error]]);
  });

  it('shows the code of an error that has one, without its detail', async () => {
    const error = new MillraceError('storage_full', { detail: '/srv/secret' });
    const { checks } = await running(failing('blobs', error)).report();
    expect(checks['blobs']!.detail).toMatchObject({ code: 'storage_full' });
    expect(JSON.stringify(checks)).not.toContain('/srv/secret');
  });

  it('tells a failure once until the check passes again', async () => {
    let ok = false;
    const check = (): { ok: boolean } => {
      if (!ok) throw new Error('away');
      return { ok };
    };
    const health = running({ name: 'log', check });
    for (const next of [false, false, true, false, false]) {
      ok = next;
      await health.report();
    }
    expect(told).toHaveLength(2);
  });
});

const failing = (name: string, error: Error): HealthCheck => ({ name, check: () => Promise.reject(error) });
