import { describe, expect, it } from 'vitest';
import { DriftWatch, type Drift, type WatchOptions } from './drift-watch.ts';
import { RankFeatures, VectorFeatures, type Features } from './features.ts';
import { binomialBounds, seeded, topics } from './testing/samples.ts';

const bounds: WatchOptions = { samples: 50, lastsMs: 0, oneFalseAlarmIn: 1000 };
const runs = 1_000;

/** Shows samples to a watch, one after the other, and says what was found. */
async function show<Sample>(watch: DriftWatch<Sample>, samples: Iterable<Sample>): Promise<Drift[]> {
  const found: Drift[] = [];
  for (const sample of samples) {
    const drift = await watch.note(sample);
    if (drift) found.push(drift);
  }
  return found;
}

const some = <Sample>(count: number, sample: () => Sample): Sample[] => Array.from({ length: count }, sample);

/** The p-value of a window of the same distribution as the reference, in every run. */
async function nullRuns<Sample>(
  features: (random: () => number) => Features<Sample, unknown>,
  source: (random: () => number) => () => Sample,
): Promise<number[]> {
  const values: number[] = [];
  for (let run = 1; run <= runs; run++) {
    const random = seeded(run);
    const watch = new DriftWatch(features(random), { ...bounds, random });
    await show(watch, some(2 * bounds.samples, source(random)));
    values.push(watch.latest!.pValue);
  }
  return values;
}

function expectStatedRate(values: readonly number[]): void {
  for (const rate of [0.001, 0.01, 0.05, 0.2]) {
    const alarms = values.filter((value) => value <= rate).length;
    const [least, most] = binomialBounds(runs, rate);
    expect(alarms, `false alarms at ${rate}`).toBeGreaterThanOrEqual(least);
    expect(alarms, `false alarms at ${rate}`).toBeLessThanOrEqual(most);
  }
}

const anyTopic = (random: () => number): (() => Float32Array) => {
  const vector = topics(6, random);
  return () => vector(Math.floor(6 * random()));
};

describe('what has not drifted', () => {
  it('raises no more false alarms than stated, of vectors in clusters, in 1,000 runs', async () => {
    expectStatedRate(await nullRuns((random) => new VectorFeatures(24, random), anyTopic));
  });

  it('nor of scores, in 1,000 runs, however many are equal', async () => {
    const score = (random: () => number) => () =>
      random() < 0.3 ? 1 : Math.round(20 * random() * random()) / 20;
    expectStatedRate(await nullRuns(() => new RankFeatures(), score));
  });

  it('raises none where all samples are the same', async () => {
    const watch = new DriftWatch<number>(new RankFeatures(), bounds);
    expect(
      await show(
        watch,
        some(200, () => 0.5),
      ),
    ).toEqual([]);
    expect(watch).toMatchObject({ comparisons: 3, latest: { statistic: 0, pValue: 1 } });
  });
});

describe('what has drifted', () => {
  it('is found in the first window of another topic, told once, and again when it goes back', async () => {
    const random = seeded(7);
    const vector = topics(2, random);
    const watch = new DriftWatch(new VectorFeatures(24, random), { ...bounds, random });
    const first = await show(
      watch,
      some(100, () => vector(0)),
    );
    expect(first).toEqual([]);
    const away = await show(
      watch,
      some(400, () => vector(1)),
    );
    expect(away).toMatchObject([
      { pValue: 0.001, threshold: 0.001, reference: { samples: 50 }, window: { samples: 50 } },
    ]);
    const back = await show(
      watch,
      some(100, () => vector(0)),
    );
    expect(back).toHaveLength(1);
    expect(watch.drifts).toBe(2);
  });

  it('is found where two in five samples are of a new topic', async () => {
    const random = seeded(8);
    const vector = topics(7, random);
    const watch = new DriftWatch(new VectorFeatures(24, random), { ...bounds, samples: 200, random });
    const old = () => vector(Math.floor(6 * random()));
    expect(await show(watch, some(200, old))).toEqual([]);
    const mixed = some(400, () => (random() < 0.4 ? vector(6) : old()));
    expect((await show(watch, mixed)).length).toBeGreaterThan(0);
  });

  it('is found where scores are lower, and where they are further apart', async () => {
    const random = seeded(9);
    const changes = [() => 0.8 * random(), () => (random() < 0.5 ? 0.2 : 0.8) * (1 + random() / 4)];
    for (const changed of changes) {
      const watch = new DriftWatch(new RankFeatures(), { ...bounds, samples: 200, random });
      const found = await show(watch, [...some(200, random), ...some(400, changed)]);
      expect(found.length).toBeGreaterThan(0);
    }
  });
});

describe('a window', () => {
  it('lasts as long as said, and keeps as many samples as said', async () => {
    let now = Date.UTC(2026, 0, 1);
    const watch = new DriftWatch(new RankFeatures(), {
      ...{ samples: 20, lastsMs: 60_000, oneFalseAlarmIn: 100, now: () => (now += 1_000) },
    });
    const found = await show(watch, [...some(61, Math.random), ...some(61, () => 2)]);
    expect(found).toMatchObject([
      {
        reference: { samples: 20, from: '2026-01-01T00:00:01.000Z', to: '2026-01-01T00:01:01.000Z' },
        window: { samples: 20, from: '2026-01-01T00:01:02.000Z', to: '2026-01-01T00:02:02.000Z' },
      },
    ]);
  });

  it('is not begun to be compared while another is', async () => {
    const watch = new DriftWatch(new RankFeatures(), bounds);
    const comparisons = some(500, () => 0.5).flatMap((sample) => watch.note(sample) ?? []);
    expect(comparisons).toHaveLength(1);
    await Promise.all(comparisons);
    expect(await show(watch, [0.5])).toEqual([]);
    expect(watch.comparisons).toBe(2);
  });
});
