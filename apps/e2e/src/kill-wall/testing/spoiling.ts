import type { Fault } from '../faults.ts';
import type { Way } from './history.ts';
import type { World } from './world.ts';

/** One thing that goes wrong in a right world, and the faults as which it has to be seen. */
export interface Spoiling {
  readonly what: string;
  readonly seen: readonly Fault[];
  readonly spoil: (world: World) => void;
  /** Where it can be known to be wrong; both, where nothing is said. */
  readonly way?: Way;
}
