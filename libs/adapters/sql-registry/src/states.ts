import type { DocumentState } from '@millrace/contracts';

/** A version moves up only; see `DocumentRegistry`. */
export const rank: Readonly<Record<DocumentState, number>> = {
  accepted: 0,
  parsed: 1,
  embedded: 2,
  'dead-lettered': 3,
  indexed: 4,
  deleted: 5,
};

/** States that something should still be happening in. */
export const openStates = ['accepted', 'parsed', 'embedded'] as const satisfies readonly DocumentState[];
