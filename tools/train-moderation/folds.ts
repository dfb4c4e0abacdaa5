import { hashOf, hashOn, mixed } from '@millrace/text';
import { isUnsafe, type Example } from './example.ts';

/**
 * Which of `count` parts each example is in. Variants of one text are in one part; the unsafe ones are shared out evenly,
 * and so are the others. Drawn by the texts and the seed, whatever the order.
 * @param kinds for each example the first of its kind
 */
export function foldsOf(
  examples: readonly Example[],
  kinds: readonly number[],
  count: number,
  seed: number,
): number[] {
  const lots = new Map<number, number>();
  kinds.forEach((kind, at) =>
    lots.set(kind, Math.min(lots.get(kind) ?? Infinity, mixed(hashOn(hashOf(examples[at]!.text), seed)))),
  );
  const drawn = [...lots].sort(([, one], [, other]) => one - other).map(([kind]) => kind);
  const unsafe = new Set(kinds.filter((_, at) => isUnsafe(examples[at]!)));
  const folds = new Map<number, number>();
  for (const side of [true, false])
    drawn.filter((kind) => unsafe.has(kind) === side).forEach((kind, at) => folds.set(kind, at % count));
  return kinds.map((kind) => folds.get(kind)!);
}
