import { Inject, Injectable } from '@nestjs/common';
import { MillraceError } from '@millrace/contracts';
import { countRefusal, recordWait, type SettingsOf } from '@millrace/platform';
import { DrainRate } from '@millrace/ports';
import { generationSettings } from '../generation-settings.ts';
import { FairQueue, type Ticket, type Wish } from './fair-queue.ts';
import { observeQueue } from './queue-metrics.ts';

export interface Patience {
  /** In milliseconds; the settings may allow less. */
  readonly budgetMs: number | undefined;
  /** Aborts with why nobody waits any longer. */
  readonly signal: AbortSignal;
}

const lookEveryMs = 250;

/** A place for an answer. */
export interface Place {
  readonly waitedMs: number;
  /** What the answer has taken so far: asked for whenever it matters whose turn it is. */
  readonly follow: (service: () => number) => void;
  /** To be called once, with what it has taken in all. */
  readonly leave: (service: number) => void;
}

/** Lets answers begin when it is their turn, and refuses those that would wait too long. */
@Injectable()
export class AnswerQueue {
  private readonly queue: FairQueue;
  private readonly waiters = new Map<Ticket, () => void>();
  private readonly meters = new Map<Ticket, () => number>();
  private readonly freed = new DrainRate();
  private freedAt = 0;
  private looking: NodeJS.Timeout | undefined;

  constructor(
    @Inject(generationSettings.token) private readonly settings: SettingsOf<typeof generationSettings>,
  ) {
    const { maxAnswers: places, maxWaiting, queueSeconds } = settings;
    this.queue = new FairQueue({
      ...{ places, spare: Math.ceil(places / 8) },
      ...{ maxWaiting, maxWaitingOfTenant: Math.ceil(maxWaiting / 2) },
      flexAtMostMs: queueSeconds * 500,
    });
    observeQueue(this.queue, () => this.readMeters());
  }

  /** Rejects with `queue_full`, `overloaded` or what `signal` says; whoever waited in vain has had no place. */
  async take(wish: Wish, patience: Patience): Promise<Place> {
    const began = performance.now();
    const ticket = this.queue.enter(wish, began);
    this.letIn();
    if (ticket.state === 'waiting') {
      this.refuseOverfull(ticket);
      await this.wait(ticket, patience);
    }
    const waitedMs = performance.now() - began;
    recordWait(waitedMs / 1_000, { kind: 'answer', name: wish.tier });
    return {
      waitedMs,
      follow: (service) => void this.meters.set(ticket, service),
      leave: (service) => this.giveBack(ticket, service),
    };
  }

  private letIn(): void {
    this.readMeters();
    for (let next = this.next(); next; next = this.next()) {
      this.waiters.get(next)?.();
      this.waiters.delete(next);
    }
    if (this.waiters.size > 0) return;
    clearInterval(this.looking);
    this.looking = undefined;
  }

  private next(): Ticket | undefined {
    return this.queue.next(performance.now());
  }

  private readMeters(): void {
    for (const [ticket, service] of this.meters) this.queue.charge(ticket, service());
  }

  private giveBack(ticket: Ticket, service: number): void {
    this.meters.delete(ticket);
    this.queue.charge(ticket, service);
    this.queue.leave(ticket);
    if (this.waiters.size > 0) this.noteFreed();
    this.letIn();
  }

  /** Counted while somebody waits: what nobody wants comes free at no rate. */
  private noteFreed(): void {
    const now = performance.now();
    this.freed.add(1, (now - this.freedAt) / 1_000);
    this.freedAt = now;
  }

  private async wait(ticket: Ticket, { budgetMs = Infinity, signal }: Patience): Promise<void> {
    if (this.waiters.size === 0) this.freedAt = ticket.since;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const giveUp = (why: () => MillraceError): void => {
      if (!this.waiters.delete(ticket)) return;
      this.queue.leave(ticket);
      reject(why());
      this.letIn();
    };
    const onGone = () => giveUp(() => signal.reason as MillraceError);
    const longest = Math.min(budgetMs, this.settings.queueSeconds * 1_000);
    const timer = setTimeout(() => giveUp(() => this.refusal('answers_wait', this.aheadOfAll)), longest);
    signal.addEventListener('abort', onGone, { once: true });
    this.waiters.set(ticket, resolve);
    // Whose turn it is changes with what answers say, and with time.
    this.looking ??= setInterval(() => this.letIn(), lookEveryMs).unref();
    if (signal.aborted) onGone();
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onGone);
    }
  }

  private refuseOverfull(ticket: Ticket): void {
    const bound = this.queue.overfull(ticket);
    if (bound === undefined) return;
    this.queue.leave(ticket);
    const { tenant } = ticket.wish;
    throw bound === 'tenant'
      ? this.refusal('tenant_answers_waiting', this.aheadOf(tenant))
      : this.refusal('answers_waiting', this.aheadOfAll);
  }

  private refusal(bound: keyof typeof refusals, ahead: number): MillraceError {
    countRefusal(bound);
    return new MillraceError(refusals[bound], { detail: bound, retryAfter: this.freed.secondsFor(ahead) });
  }

  /** Places that come free until all who wait have had one. */
  private get aheadOfAll(): number {
    return this.waiters.size;
  }

  /** The same for those of one tenant: in between, each other one has a turn. */
  private aheadOf(tenant: string): number {
    return this.queue.waitingOf(tenant) * this.queue.tenantsWaiting.size;
  }
}

/** By the bound that was reached: its own, or that of all. */
const refusals = {
  tenant_answers_waiting: 'queue_full',
  answers_waiting: 'overloaded',
  answers_wait: 'overloaded',
} as const;
