/** Where BullMQ keeps what of a queue. */
export interface QueueKeys {
  readonly wait: string;
  readonly prioritized: string;
  readonly active: string;
  readonly delayed: string;
  readonly meta: string;
  readonly marker: string;
  /** Counts arrivals among the prioritized. */
  readonly counter: string;
  /** Ours, not BullMQ's: see the turn scripts. */
  readonly turns: string;
  readonly newcomer: string;
  /** Before the id of a job. */
  readonly prefix: string;
}
