/** Events that are registered but not yet in the log. */
export interface Outbox {
  /** Oldest first, for looking at. */
  pending(limit: number): Promise<PendingEvent[]>;
  /**
   * Hands the oldest events to `publish` and drops them once it resolves; when it rejects, so does this, and they stay.
   * One at a time over all processes that share the registry: 0 when another is at it and does not end soon. Events
   * with the same key keep their order. When a process or the registry dies in between, events go again.
   * Returns how many went.
   */
  relay(limit: number, publish: (events: readonly PendingEvent[]) => Promise<void>): Promise<number>;
  /** Adds an event outside a document change: a replay, a restart. */
  add(events: readonly OutboxEvent[]): Promise<void>;
}

export interface OutboxEvent {
  readonly topic: string;
  readonly key: string;
  /** JSON text of the event's data. */
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface PendingEvent extends OutboxEvent {
  readonly id: number;
}
