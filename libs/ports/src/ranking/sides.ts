import type { VectorQuery } from '../vector-store.ts';
import { fuse, type Scored } from './fusion.ts';

/** What each side proposes, best first. A side that was not asked is missing. */
export interface Sides<T> {
  readonly dense?: readonly T[];
  readonly sparse?: readonly T[];
}

export type Side = keyof Sides<unknown>;

/** The sides that a query asks. */
export const sidesOf = ({ vector, terms }: Pick<VectorQuery, 'vector' | 'terms'>): Side[] => [
  ...(vector ? (['dense'] as const) : []),
  ...(terms ? (['sparse'] as const) : []),
];

export const evenWeights = { dense: 1, sparse: 1 };

/** All candidates, best first: fused where both sides were asked. */
export function rank<T extends Scored>(
  { dense, sparse }: Sides<T>,
  { fusion, weights = evenWeights }: Pick<VectorQuery, 'fusion' | 'weights'>,
): readonly T[] {
  if (!dense || !sparse) return dense ?? sparse ?? [];
  return fuse(fusion, [dense, sparse], [weights.dense, weights.sparse]);
}
