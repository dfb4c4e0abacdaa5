import { MillraceError } from '@millrace/contracts';
import type { OutgoingRecord } from './outgoing-record.ts';

/** The records of one caller, and the caller, who waits for so long and no longer. */
export class WaitingPublish {
  readonly outcome: Promise<void>;
  readonly bytes: number;
  /** The caller has been answered. */
  answered = false;
  private readonly settle = Promise.withResolvers<void>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    readonly records: readonly OutgoingRecord[],
    waitMs: number,
  ) {
    this.outcome = this.settle.promise;
    this.bytes = records.reduce((sum, { bytes }) => sum + bytes, 0);
    this.timer = setTimeout(() => this.reject(tooLate(waitMs)), waitMs);
  }

  resolve(): void {
    this.end();
    this.settle.resolve();
  }

  reject(error: MillraceError): void {
    this.end();
    this.settle.reject(error);
  }

  private end(): void {
    this.answered = true;
    clearTimeout(this.timer);
  }
}

const tooLate = (waitMs: number): MillraceError =>
  new MillraceError('dependency_unavailable', {
    detail: `Kafka: the records were not confirmed within ${Math.round(waitMs / 1_000)} s`,
  });
