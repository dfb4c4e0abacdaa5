import { randomNumbers } from '@millrace/testing';

export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A figure with its 95 % interval: the same over samples drawn from the list with repetition. */
export function estimated<T>(
  list: readonly T[],
  figure: (sample: readonly T[]) => number,
  { times = 1000, seed = 1 }: { readonly times?: number; readonly seed?: number } = {},
): Estimate {
  const random = randomNumbers(seed);
  const draw = (): T[] => list.map(() => list[Math.floor(random() * list.length)]!);
  const drawn = Array.from({ length: times }, () => figure(draw()))
    .filter((value) => !Number.isNaN(value))
    .sort((one, other) => one - other);
  const at = (share: number): number => drawn[Math.round(share * (drawn.length - 1))]!;
  return { value: figure(list), low: at(0.025), high: at(0.975) };
}
