import { MillraceError } from '@millrace/contracts';
import type { OutageReporter } from '../connection/outage-reporter.ts';
import { settled } from '../connection/within.ts';
import { cutRequests, RequestSize } from './cut-requests.ts';
import type { OutgoingRecord } from './outgoing-record.ts';
import type { Sender } from './sender.ts';
import { WaitingPublish } from './waiting-publish.ts';

export interface PublisherLimits {
  /** Milliseconds a caller waits for its records to be confirmed. */
  readonly publishMs: number;
  /** Bytes that wait to be sent. */
  readonly maxWaitingBytes: number;
}

const closeMs = 5_000;

/** Sends one request at a time; what callers publish meanwhile goes together with the next. */
export class Publisher {
  private readonly waiting: WaitingPublish[] = [];
  private readonly unanswered = new Set<WaitingPublish>();
  private waitingBytes = 0;
  private sending = false;
  private closed = false;

  constructor(
    private readonly sender: Sender,
    private readonly outages: OutageReporter,
    private readonly limits: PublisherLimits,
  ) {}

  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    if (this.closed) throw new MillraceError('shutting_down');
    const { publishMs, maxWaitingBytes } = this.limits;
    if (this.waiting.length > 0 && this.waitingBytes > maxWaitingBytes)
      throw new MillraceError('queue_full', { retryAfter: 1, detail: 'Kafka is behind' });
    const publish = new WaitingPublish(records, publishMs);
    this.waiting.push(publish);
    this.waitingBytes += publish.bytes;
    this.unanswered.add(publish);
    if (!this.sending) void this.sendAll();
    await publish.outcome.finally(() => this.unanswered.delete(publish));
  }

  /** Takes nothing more, and gives what it has taken a moment to be sent. */
  async close(): Promise<void> {
    this.closed = true;
    await settled(closeMs, Promise.allSettled([...this.unanswered].map(({ outcome }) => outcome)));
    for (const publish of this.unanswered) publish.reject(new MillraceError('shutting_down'));
    await this.sender.close();
  }

  /** Whoever comes after the last look must find nothing being sent, so there is no pause in between. */
  private async sendAll(): Promise<void> {
    this.sending = true;
    for (let group = this.next(); group.length > 0; group = this.next()) await this.deliver(group);
    this.sending = false;
  }

  /** As many as one request takes, in their order, and at least one. */
  private next(): WaitingPublish[] {
    const group: WaitingPublish[] = [];
    const size = new RequestSize();
    while (this.waiting.length > 0 && (group.length === 0 || fits(this.waiting[0]!, size))) {
      const publish = this.waiting.shift()!;
      this.waitingBytes -= publish.bytes;
      if (publish.answered) continue;
      for (const record of publish.records) size.add(record);
      group.push(publish);
    }
    return group;
  }

  private async deliver(group: readonly WaitingPublish[]): Promise<void> {
    try {
      for (const request of cutRequests(group.flatMap(({ records }) => records)))
        await this.sender.send(request);
      this.outages.answered();
      for (const publish of group) publish.resolve();
    } catch (thrown) {
      await this.refuse(group, thrown);
    }
  }

  /** When the records are at fault and not Kafka, only theirs is refused whose they are. */
  private async refuse(group: readonly WaitingPublish[], thrown: unknown): Promise<void> {
    const error = this.outages.refused(thrown);
    if (error.spec.outage || group.length === 1) for (const publish of group) publish.reject(error);
    else for (const publish of group) await this.deliver([publish]);
  }
}

/** Tried on a copy, so that what does not fit has not been counted. */
function fits({ records }: WaitingPublish, size: RequestSize): boolean {
  if (records.length === 1) return size.hasRoomFor(records[0]!);
  const trial = size.copy();
  return records.every((record: OutgoingRecord) => {
    const room = trial.hasRoomFor(record);
    trial.add(record);
    return room;
  });
}
