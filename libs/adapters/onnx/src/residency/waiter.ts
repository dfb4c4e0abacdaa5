import { MillraceError } from '@millrace/contracts';
import type { Place, Resident } from './place.ts';

export interface UseOptions {
  /** Whose work it is: none has more than half of the places to wait in. */
  readonly group?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Somebody has entered a place, and has to leave it. */
export interface Entered<T> {
  readonly resident: Promise<T>;
}

export const entered = <T extends Resident>(place: Place<T>): Entered<T> => ({ resident: place.enter() });

export interface Patience {
  readonly waitMs: number;
  /** What it is refused with after that. */
  readonly late: MillraceError;
  /** It waits no longer, and has not been let in. */
  readonly onRefused: (waiter: Waiter) => void;
}

/** Who waits for a place: until it is let in or refused, goes away, or has waited long enough. */
export class Waiter {
  readonly group: string;
  private readonly outcome = Promise.withResolvers<Entered<Resident>>();
  private readonly timer: NodeJS.Timeout;
  private readonly signal: AbortSignal | undefined;

  constructor(
    readonly place: Place<Resident>,
    { group = '', signal }: UseOptions,
    private readonly patience: Patience,
  ) {
    this.group = group;
    this.signal = signal;
    this.timer = setTimeout(() => this.refuse(patience.late), patience.waitMs);
    signal?.addEventListener('abort', this.cancel, { once: true });
  }

  get turn(): Promise<Entered<Resident>> {
    return this.outcome.promise;
  }

  letIn(): void {
    this.stop();
    this.outcome.resolve(entered(this.place));
  }

  refuse(error: MillraceError): void {
    this.stop();
    this.outcome.reject(error);
    this.patience.onRefused(this);
  }

  private readonly cancel = (): void => this.refuse(new MillraceError('cancelled'));

  private stop(): void {
    clearTimeout(this.timer);
    this.signal?.removeEventListener('abort', this.cancel);
  }
}
