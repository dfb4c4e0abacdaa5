import { categories, isUnsafe } from './example.ts';
import { solve, type Solution } from './logistic-regression.ts';
import type { Material } from './material.ts';

/** What is told apart: each category, and whether there is any harm. */
export const kinds = [...categories, 'any'] as const;
export type Kind = (typeof kinds)[number];

export const isOf = ({ examples }: Material, kind: Kind, row: number): boolean =>
  kind === 'any' ? isUnsafe(examples[row]!) : examples[row]!.labels[kind] === true;

/** Those of which it is known whether they are of the kind. */
export const labelled = ({ examples }: Material, kind: Kind): number[] =>
  examples.flatMap(({ labels }, row) => (kind === 'any' || labels[kind] !== undefined ? [row] : []));

export interface Trained {
  readonly solution: Solution;
  /** The examples that it was trained on. */
  readonly rows: readonly number[];
}

export interface Learning {
  readonly material: Material;
  /** Of the parts that are looked at. */
  readonly similarity: Float64Array;
  readonly cost: number;
}

/** Tells one kind from the rest, by those of the rows of which it is known. */
export function trainedFor(
  kind: Kind,
  from: readonly number[],
  { material, similarity, cost }: Learning,
): Trained {
  const known = new Set(labelled(material, kind));
  const rows = from.filter((row) => known.has(row));
  const isPositive = (row: number): boolean => isOf(material, kind, row);
  const size = material.examples.length;
  return { rows, solution: solve({ similarity, size, rows, isPositive, cost }) };
}
