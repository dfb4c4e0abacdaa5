import { MillraceError, type ErrorCode } from '@millrace/contracts';
import type { Logger } from '@millrace/platform';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Played } from '../testing/played-back-end.ts';
import type { Attempts } from './attempts.ts';
import { Traffic, type Steering } from './traffic.ts';

let warnings: unknown[];
let told: string[];
beforeEach(() => {
  warnings = [];
  told = [];
});

const attempts: Attempts = {
  connecting: ({ name }) => {
    told.push(`connecting ${name}`);
    return {
      connected: () => void told.push('connected'),
      failed: (code) => void told.push(code),
      chosen: () => void told.push(`chosen ${name}`),
      outrun: () => void told.push(`outrun ${name}`),
    };
  },
};

const traffic = (...backEnds: Played[]): Traffic => hedging(0, ...backEnds);

function hedging(hedgePercent: number, ...backEnds: Played[]): Traffic {
  const logger = { warn: (line: unknown) => void warnings.push(line), debug: () => undefined };
  return new Traffic(backEnds, logger as unknown as Logger, { hedgePercent });
}

async function ask(
  through: Traffic,
  steering: Partial<Steering> = {},
  signal = new AbortController().signal,
) {
  const routed = through.route({ model: undefined, needs: new Set(), ...steering });
  const parts: string[] = [];
  let code: ErrorCode | undefined;
  try {
    for await (const part of routed.generate({ messages: [], parameters: {} }, signal, attempts))
      parts.push(
        part.type === 'delta' ? part.delta.content! : part.type === 'start' ? `<${part.model}>` : `</>`,
      );
  } catch (error) {
    ({ code } = MillraceError.from(error));
  }
  return { said: parts.join(''), code };
}

const broken = new MillraceError('backend_error');

describe('traffic', () => {
  it('hands an answer through and tells who gave it', async () => {
    expect(await ask(traffic(new Played('a', 'x', 'y')))).toEqual({ said: '<a>xy</>', code: undefined });
    expect(told).toEqual(['connecting a', 'connected', 'chosen a']);
  });

  it('asks another one as long as nothing was said, and starts once', async () => {
    const ill = new Played('a', broken);
    expect(await ask(traffic(ill, new Played('b', 'x')))).toEqual({ said: '<b>x</>', code: undefined });
    expect(told.join(', ')).toBe('connecting a, connected, backend_error, connecting b, connected, chosen b');
    expect(warnings).toHaveLength(1);
  });

  it('asks nobody else once something was said: it would be another answer', async () => {
    const second = new Played('b', 'x');
    expect(await ask(traffic(new Played('a', 'wo', broken), second))).toEqual({
      said: '<a>wo',
      code: 'backend_error',
    });
    expect(second.requests).toEqual([]);
  });

  it('takes no other choice, and no piece without words, for an answer', async () => {
    const odd = new Played('a', '', broken);
    expect(await ask(traffic(odd, new Played('b', 'x')))).toMatchObject({ said: '<b>x</>' });
  });

  it('asks nobody else where the request is at fault', async () => {
    const second = new Played('b', 'x');
    const refusing = new Played('a', new MillraceError('backend_refused'));
    expect(await ask(traffic(refusing, second))).toMatchObject({ code: 'backend_refused' });
    expect(second.requests).toEqual([]);
  });

  it('tells what the last one says where all fail', async () => {
    const busy = new Played('b', new MillraceError('queue_full', { retryAfter: 3 }));
    expect(await ask(traffic(new Played('a', broken), busy))).toEqual({ said: '', code: 'queue_full' });
  });

  it('gives up for another what has said nothing within the budget', async () => {
    const slow = new Played('a', 5_000, 'late');
    expect(await ask(traffic(slow, new Played('b', 'x')), { budgetMs: 30 })).toMatchObject({
      said: '<b>x</>',
    });
    expect(told[2]).toBe('backend_unavailable');
    expect(slow.stopped).toBe(1);
  });

  it('waits for the second of three once the budget is over', async () => {
    const [slow, second, third] = [
      new Played('a', 5_000, 'late'),
      new Played('b', 20, 'x'),
      new Played('c', 'y'),
    ];
    vi.spyOn(Math, 'random').mockReturnValueOnce(0.5).mockReturnValueOnce(0.1).mockReturnValueOnce(0.9);
    expect(await ask(traffic(slow, second, third), { budgetMs: 30 })).toMatchObject({ said: '<b>x</>' });
    vi.restoreAllMocks();
  });

  it('holds it against nobody that an asker has no time', async () => {
    const through = traffic(new Played('a', 20, 'x'), new Played('b', 'y'));
    for (let n = 0; n < 5; n++)
      expect(await ask(through, { budgetMs: 1 })).toMatchObject({ said: '<b>y</>' });
    expect(await ask(through)).toMatchObject({ said: '<a>x</>' });
  });

  it('waits for the last one however long it takes', async () => {
    expect(await ask(traffic(new Played('a', 60, 'x')), { budgetMs: 10 })).toMatchObject({ said: '<a>x</>' });
  });

  it('stops with its asker, and asks nobody else then', async () => {
    const slow = new Played('a', 5_000, 'late');
    const second = new Played('b', 'x');
    const leaving = new AbortController();
    setTimeout(() => leaving.abort(new MillraceError('cancelled')), 20);
    expect(await ask(traffic(slow, second), {}, leaving.signal)).toMatchObject({ code: 'cancelled' });
    expect([slow.stopped, second.requests.length]).toEqual([1, 0]);
  });

  it('lets who fails again and again rest, looks at it, and asks it again when it is well', async () => {
    const ill = new Played('a', broken);
    const through = traffic(ill, new Played('b', 'x'));
    for (let n = 0; n < 5; n++) expect(await ask(through)).toMatchObject({ said: '<b>x</>' });
    expect(ill.requests).toHaveLength(3);
    ill.script = ['well'];
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 2_000);
    await ask(through);
    expect(ill.requests.at(-1)).toMatchObject({ parameters: {} });
    await vi.waitFor(async () => expect(await ask(through)).toMatchObject({ said: '<a>well</>' }));
    vi.restoreAllMocks();
  });

  it('knows one back end under all the names that callers make up', async () => {
    const ill = new Played('a', broken);
    const through = traffic(ill, new Played('b', 'x'));
    for (let n = 0; n < 5; n++) await ask(through, { model: `made up ${n}` });
    expect(ill.requests).toHaveLength(3);
  });

  it('lists what may be named, whoever is away', async () => {
    const away = new Played('b');
    away.generator.models = () => Promise.reject(broken);
    expect(await traffic(new Played('a'), away).models()).toEqual(['m', 'a']);
    expect(warnings).toHaveLength(1);
  });

  describe('where it may ask twice', () => {
    /** Both known to say their first word at once; then the first is slow. */
    async function lateFirst(percent: number, second = new Played('b', 'x'), ...others: Played[]) {
      const late = new Played('a', 'quick');
      second.weight = 1e-9;
      const through = hedging(percent, late, second, ...others);
      for (let n = 0; n < 3; n++) await ask(through);
      late.script = [5_000, 'late'];
      told = [];
      return { late, second, through };
    }

    it('asks another one beside the one that is late, and lets go of who is outrun', async () => {
      const { late, second, through } = await lateFirst(100);
      second.script = ['x', 1];
      expect(await ask(through)).toEqual({ said: '<b>x</>', code: undefined });
      expect(told.join(', ')).toBe(
        'connecting a, connected, connecting b, connected, outrun a, chosen b, cancelled',
      );
      expect([late.stopped, warnings]).toEqual([1, []]);
    });

    it('has the answer of the first where that one is quicker after all', async () => {
      const { late, second, through } = await lateFirst(100);
      late.script = [60, 'here'];
      second.script = [5_000, 'x'];
      expect(await ask(through)).toMatchObject({ said: '<a>here</>' });
      expect(told).toContain('outrun b');
      expect(second.stopped).toBe(1);
    });

    it('goes on with the one that is left when the other fails', async () => {
      const { late, second, through } = await lateFirst(100);
      late.script = [80, 'here'];
      second.script = [broken];
      expect(await ask(through)).toMatchObject({ said: '<a>here</>' });
    });

    it('asks a third when both fail', async () => {
      const [second, third] = [new Played('b', 'x'), new Played('c', 'y')];
      third.weight = 1e-18;
      const { late, through } = await lateFirst(100, second, third);
      late.script = [80, broken];
      second.script = [broken];
      expect(await ask(through)).toMatchObject({ said: '<c>y</>' });
      expect(told.filter((line) => line === 'backend_error')).toHaveLength(2);
    });

    it('does so for no more than its share of requests', async () => {
      const { late, second, through } = await lateFirst(50);
      late.script = [60, 'late'];
      const before = second.requests.length;
      for (let n = 0; n < 10; n++) await ask(through);
      expect(second.requests.length - before).toBeLessThanOrEqual(7);
    });

    it('asks nobody who is kept for what no other one can', async () => {
      const { late, second, through } = await lateFirst(100);
      Object.assign(second, { weight: 0 });
      late.script = [60, 'late'];
      expect(await ask(through)).toMatchObject({ said: '<a>late</>' });
      expect(second.requests).toEqual([]);
    });
  });
});
