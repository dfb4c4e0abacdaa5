import type { MillraceError } from '@millrace/contracts';
import { asMillraceError } from './kafka-error.ts';

/** An outage that comes and goes is told of again after this. */
const againMs = 30_000;

/** Says once that Kafka is away, and once that it is back, whoever of us notices, and however often. */
export class OutageReporter {
  private awaySince: number | undefined;
  private toldAt = -Infinity;
  private told = false;

  constructor(
    private readonly tell: {
      readonly onError: (error: unknown) => void;
      readonly onWarning: (message: string) => void;
    },
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Something failed whose caller is told: what it means. */
  refused(thrown: unknown): MillraceError {
    const error = asMillraceError(thrown);
    if (isAway(error)) this.away(error);
    return error;
  }

  /** Something failed in the background. */
  failed(thrown: unknown): MillraceError {
    const error = this.refused(thrown);
    if (!isAway(error)) this.tell.onError(error);
    return error;
  }

  /** Something that only Kafka can answer was answered. */
  answered(): void {
    if (this.awaySince === undefined) return;
    const seconds = Math.round((this.now() - this.awaySince) / 1_000);
    this.awaySince = undefined;
    if (this.told) this.tell.onWarning(`Kafka answers again after ${seconds} s`);
    this.told = false;
  }

  private away(error: MillraceError): void {
    if (this.awaySince !== undefined) return;
    this.awaySince = this.now();
    if (this.now() - this.toldAt < againMs) return;
    this.toldAt = this.now();
    this.told = true;
    this.tell.onError(error);
  }
}

const isAway = ({ code }: MillraceError): boolean => code === 'dependency_unavailable';
