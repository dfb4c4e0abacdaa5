import { describe, expect, it, vi } from 'vitest';
import { reportTo, type PortContext } from './port-host.ts';

describe('what an adapter goes on trying', () => {
  it('is told of once in half a minute for each way of failing, with how often it failed since', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const lines: object[] = [];
    const logger = { error: (fields: object) => lines.push(fields) };
    const report = reportTo({ logger } as unknown as PortContext, 'work queue');
    const [full, away] = [new Error('disk full'), new Error('away')];
    for (let n = 0; n < 1000; n++) report(full);
    report(away);
    vi.advanceTimersByTime(30_001);
    report(full);
    report(full);
    expect(lines).toEqual([{ err: full }, { err: away }, { err: full, untold: 999 }]);
    vi.useRealTimers();
  });
});
