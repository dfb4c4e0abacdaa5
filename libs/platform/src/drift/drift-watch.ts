import type { Features } from './features.ts';
import { permutationTest, type Comparison } from './permutation-test.ts';
import { SampleWindow, type WindowBounds } from './sample-window.ts';

export interface WatchOptions extends WindowBounds {
  /** Of comparisons without drift one in so many raises an alarm, on average and at most. */
  readonly oneFalseAlarmIn: number;
  readonly random?: () => number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

type Extent = SampleWindow<unknown>['extent'];

export interface Drift extends Comparison {
  /** Of the p-value. */
  readonly threshold: number;
  readonly reference: Extent;
  readonly window: Extent;
}

/**
 * Compares each window of samples with a reference: the first window there was. When one has drifted, the next becomes the
 * reference, so that a lasting change is told once. Each comparison of samples that did not drift is a false alarm with a
 * probability of at most `1 / oneFalseAlarmIn`, so of n of them at most `n / oneFalseAlarmIn` on average.
 */
export class DriftWatch<Sample> {
  /** The last comparison. */
  latest: Comparison | undefined;
  comparisons = 0;
  drifts = 0;
  private reference: SampleWindow<unknown> | undefined;
  private window: SampleWindow<unknown> | undefined;
  private isComparing = false;
  private readonly random: () => number;
  private readonly now: () => number;

  constructor(
    private readonly features: Features<Sample, unknown>,
    private readonly options: WatchOptions,
  ) {
    this.random = options.random ?? Math.random;
    this.now = options.now ?? Date.now;
  }

  /** A promise where this sample makes a window whole that is to be compared: of the drift, if there is one. */
  note(sample: Sample): Promise<Drift | undefined> | undefined {
    const now = this.now();
    this.window ??= new SampleWindow(this.options, this.random, now);
    this.window.offer(() => this.features.keep(sample), now);
    if (!this.window.isWhole || this.isComparing) return undefined;
    const whole = this.window;
    this.window = undefined;
    if (this.reference) return this.compare(this.reference, whole);
    this.reference = whole;
    return undefined;
  }

  private async compare(
    reference: SampleWindow<unknown>,
    window: SampleWindow<unknown>,
  ): Promise<Drift | undefined> {
    this.isComparing = true;
    try {
      const features = this.features.of([...reference.kept, ...window.kept]);
      const { length } = reference.kept;
      const permutations = this.options.oneFalseAlarmIn - 1;
      const { random } = this;
      const sides = [features.slice(0, length), features.slice(length)] as const;
      this.latest = await permutationTest(...sides, { permutations, random });
      this.comparisons += 1;
      const threshold = 1 / this.options.oneFalseAlarmIn;
      if (this.latest.pValue > threshold) return undefined;
      this.drifts += 1;
      this.reference = this.window = undefined;
      return { ...this.latest, threshold, reference: reference.extent, window: window.extent };
    } finally {
      this.isComparing = false;
    }
  }
}
