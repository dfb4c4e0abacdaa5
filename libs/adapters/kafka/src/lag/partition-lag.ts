/** A partition as its log and the group have it. Offsets count up from 0. */
export interface PartitionState {
  readonly partition: number;
  /** The offset that the next record gets. */
  readonly high: number;
  /** That of the oldest record that is still kept. */
  readonly low: number;
  /** That of the next record for the group; negative when it has not committed any. */
  readonly committed: number;
}

/** Where the group goes on: a new one at the earliest record, and none where retention took the records. */
export const positionOf = ({ low, committed }: PartitionState): number => Math.max(low, committed);

export const waitingIn = (state: PartitionState): number => Math.max(0, state.high - positionOf(state));
