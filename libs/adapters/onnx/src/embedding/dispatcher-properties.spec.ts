import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FakeWorker } from '../testing/fake-worker.ts';
import {
  largeRun,
  Mill,
  tokensOf,
  type Asked,
  type Brought,
  type Known,
  type Sent,
  type Step,
} from '../testing/mill.ts';
import type { DispatchLimits } from './dispatcher.ts';

/** So few that the bounds are met in every run. */
const limits: DispatchLimits = { waitingTokens: { interactive: 300, bulk: 400 }, batchTokens: 40 };
const longestText = 60;
const groups = ['', 'a', 'b'];
const lanes = ['interactive', 'bulk'] as const;

const textOf = (isPoison: fc.Arbitrary<boolean>) =>
  fc.record({ tokens: fc.integer({ min: 2, max: longestText }), isPoison });
const brought = (
  isPoison: fc.Arbitrary<boolean>,
  lane: fc.Arbitrary<Brought['lane']> = fc.constantFrom(...lanes),
  group: fc.Arbitrary<string> = fc.constantFrom(...groups),
): fc.Arbitrary<Step> =>
  fc.record({
    do: fc.constant('submit'),
    lane,
    group,
    texts: fc.array(textOf(isPoison), { maxLength: 8 }),
  });
const one = (...what: Exclude<Step['do'], 'submit'>[]): fc.Arbitrary<Step> =>
  fc.record({ do: fc.constantFrom(...what), which: fc.nat(20) });
const never = fc.constant(false);
const seldom = fc.nat(30).map((drawn) => drawn === 0);

/** Workers end, callers go, and more comes than is done. */
const troubled = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: brought(seldom) },
    { weight: 4, arbitrary: one('finish') },
    { weight: 1, arbitrary: one('kill', 'cancel') },
  ),
  { maxLength: 60 },
);

/** Most is of one group, which may fill a lane by itself. */
const greedy = fc.nat(9).map((drawn) => groups[Math.max(0, drawn - 7)]!);

/** Work of both lanes and all groups that does not end, as fast as it is done; now and then a worker does. */
const steady = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: brought(never, fc.constant('interactive'), greedy) },
    { weight: 1, arbitrary: brought(never, fc.constant('bulk'), greedy) },
    { weight: 8, arbitrary: one('finish') },
    { weight: 1, arbitrary: one('kill') },
  ),
  { minLength: 150, maxLength: 250 },
);

async function run(mill: Mill, steps: readonly Step[], afterEach: (mill: Mill) => void): Promise<void> {
  for (const step of steps) {
    await mill.take(step);
    afterEach(mill);
  }
  await mill.finishAll();
}

const ignore = (): void => undefined;

describe('Dispatcher, whatever happens', () => {
  it('answers every request once, with its own vectors or a reason that holds; computes nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(troubled, async (steps) => {
        const mill = new Mill(limits, ignore);
        await run(mill, steps, ignore);
        for (const asked of mill.asked) expectAnswered(asked);
        expect(new Set(mill.computed).size).toBe(mill.computed.length);
      }),
      { numRuns: 150 },
    );
  });

  it('ends no more than three workers by a poison text: one among others, two where it is alone', async () => {
    await fc.assert(
      fc.asyncProperty(troubled, async (steps) => {
        const mill = new Mill(limits, ignore);
        await run(mill, steps, ignore);
        for (const { crashes } of mill.known) expect(crashes).toBeLessThanOrEqual(3);
      }),
      { numRuns: 150 },
    );
  });

  it('lets exactly so many tokens wait as there may be, in each lane and of each group, and refuses what is beyond', async () => {
    await fc.assert(
      fc.asyncProperty(troubled, async (steps) => {
        const mill = new Mill(limits, ignore);
        for (const step of steps) {
          const isRefused = step.do === 'submit' && isBeyond(mill, step);
          await mill.take(step);
          if (step.do === 'submit') expectRefusal(mill.asked.at(-1)!, isRefused);
          expectBounded(mill);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('sends batches within their budget, of one lane and group, two to a worker at most, and no bulk work to the one for queries', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(troubled, steady), async (steps) => {
        const wrong: string[] = [];
        const mill = new Mill(limits, (worker, batch) => wrong.push(...faultsOf(worker, batch)));
        await run(mill, steps, ignore);
        expect(wrong).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('has no worker idle while there is something that it may do', async () => {
    await fc.assert(
      fc.asyncProperty(troubled, async (steps) => {
        await run(new Mill(limits, ignore), steps, (mill) => {
          const waits = lanes.filter((lane) => mill.waiting(lane).length > 0);
          for (const { takes } of mill.idle)
            expect(waits.filter((lane) => takes === 'everything' || lane === 'interactive')).toEqual([]);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('lets nothing wait for more work of others than is stated, in its lane and beside the other lane', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(troubled, steady), async (steps) => {
        const late: object[] = [];
        const mill: Mill = new Mill(limits, (_worker, batch) =>
          late.push(...batch.flatMap((each) => latenessOf(each, mill))),
        );
        await run(mill, steps, ignore);
        expect(late).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

function expectAnswered({ texts, answers }: Asked): void {
  expect(answers).toHaveLength(1);
  const [answer] = answers;
  if (typeof answer !== 'string') return expect(answer).toEqual(texts.map(({ id }) => id));
  const reasons = ['queue_full', 'cancelled', 'input_too_long'];
  if (texts.some(({ isPoison }) => isPoison)) reasons.push('poison_job');
  if (texts.some(({ kills }) => kills >= 10)) reasons.push('dependency_unavailable');
  expect(reasons).toContain(answer);
}

/** What a request is refused for, by the spec's own account: more than the lane holds, or than half of it of one group. */
function isBeyond(mill: Mill, { lane, group, texts }: Brought): boolean {
  const limit = limits.waitingTokens[lane];
  const more = texts.reduce((sum, { tokens }) => sum + tokens, 0);
  const own = tokensOf(mill.waiting(lane, group).filter(({ sends }) => sends === 0));
  const isMoreThanHalf = group !== '' && own > 0 && own + more > limit / 2;
  return isMoreThanHalf || tokensOf(mill.waiting(lane)) + more > limit;
}

function expectRefusal({ answers, texts }: Asked, isRefused: boolean): void {
  const isFull = answers[0] === 'queue_full' || answers[0] === 'input_too_long';
  expect(isFull, `refused with ${texts.length} texts`).toBe(isRefused);
}

function expectBounded(mill: Mill): void {
  const waiting = lanes.map((lane) => mill.waiting(lane));
  expect(mill.dispatcher.waitingTokens).toBe(tokensOf(waiting.flat()));
  for (const [at, lane] of lanes.entries()) {
    const neverSent = waiting[at]!.filter(({ sends }) => sends === 0);
    expect(tokensOf(neverSent)).toBeLessThanOrEqual(limits.waitingTokens[lane]);
  }
}

function faultsOf({ takes, runTokens, batches }: FakeWorker, batch: readonly Known[]): string[] {
  const tokens = tokensOf(batch);
  const whose = new Set(batch.map(({ of }) => `${of.lane} ${of.group}`));
  const faults = {
    'nothing in it': batch.length === 0,
    [`${tokens} tokens`]: batch.length > 1 && tokens > Math.max(limits.batchTokens, runTokens),
    [`of ${[...whose].join(', ')}`]: whose.size > 1,
    'behind two others': batches.length >= 2,
    'bulk work for the worker for queries':
      takes === 'interactive' && batch.some(({ of }) => of.lane === 'bulk'),
  };
  return Object.entries(faults).flatMap(([fault, isThere]) => (isThere ? [fault] : []));
}

/** Interactive batches in a row beside which bulk work may have to wait, per worker. */
const burst = 8;
/** What a group that was away may have before others go on, in batches. */
const head = 4;
const workers = 3;
const workersForAll = 2;
const largest = Math.max(limits.batchTokens, longestText, largeRun);

/** Empty unless it waited for more than it may. */
const latenessOf = (text: Known, mill: Mill): object[] =>
  text.back ? latenessOfRetry(text, text.back, mill) : latenessOfFirst(text, mill);

/** It goes first: only as a new worker comes, before this text is back, the places of all are filled, two batches each. */
function latenessOfRetry({ of: { lane } }: Known, back: Sent, { sent }: Mill): object[] {
  const tokens = sent.tokens[lane] - back.tokens[lane];
  const most = 2 * largest * workers * (sent.workers - back.workers);
  return tokens > most ? [{ again: true, tokens, most }] : [];
}

function latenessOfFirst({ ahead, before, of: { lane } }: Known, { sent }: Mill): object[] {
  const of = (what: 'tokens' | 'batches', which: Brought['lane']) => sent[what][which] - before[what][which];
  // Each other group may be as far ahead as its head, have as much as stands before this text, and a batch at both ends.
  const mostOfEach = ahead + head * limits.batchTokens + 2 * largest;
  const inLane = { tokens: of('tokens', lane), most: ahead + (groups.length - 1) * mostOfEach };
  // Each worker gives bulk work one turn after a burst; a new worker begins anew.
  const begun = workersForAll + sent.workers - before.workers;
  const beside =
    lane === 'bulk'
      ? { batches: of('batches', 'interactive'), most: burst * (of('batches', 'bulk') + begun) }
      : { batches: of('batches', 'bulk'), most: begun + of('batches', 'interactive') / burst };
  return [
    ...(inLane.tokens > inLane.most ? [inLane] : []),
    ...(beside.batches > beside.most ? [{ lane, ...beside }] : []),
  ];
}
