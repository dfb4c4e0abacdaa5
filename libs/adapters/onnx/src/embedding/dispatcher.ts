import { MillraceError } from '@millrace/contracts';
import { DrainRate, type EmbedOptions, type Lane } from '@millrace/ports';
import { WorkerDied } from '../process/child-worker.ts';
import { LaneQueue, type Outcome, type Submission, type Text } from './lane-queue.ts';
import { ReturnLines } from './return-lines.ts';
import { MAX_CRASHES, Suspects } from './suspects.ts';

/** A worker as the dispatcher sees it. */
export interface DispatchWorker {
  /** `interactive`: kept free for queries, never given bulk work. */
  readonly takes: 'everything' | 'interactive';
  /** Tokens that it runs at once, where those are more than a batch has by itself. */
  readonly runTokens: number;
  /** One vector a text, in order. Batches are computed in the order given. Rejects with `WorkerDied`. */
  run(texts: readonly Int32Array[]): Promise<readonly Float32Array[]>;
}

export interface DispatchLimits {
  /** Tokens that may wait, per lane. */
  readonly waitingTokens: Readonly<Record<Lane, number>>;
  /**
   * Tokens in one message to a worker: few, so that a query waits little; enough to be worth the message. Half as many while
   * several groups have bulk work.
   */
  readonly batchTokens: number;
}

/** Whose texts, and how urgent. */
export type For = Pick<EmbedOptions, 'lane' | 'group'>;

export interface Dispatched {
  readonly vectors: readonly Float32Array[];
  /** From admission to the first text's turn, and from there to the last vector. */
  readonly millis: { readonly queue: number; readonly inference: number };
}

/**
 * One batch being computed and one behind it, so that no worker waits for the parent's event loop; while several groups have
 * bulk work none behind it, so that whoever comes waits for one.
 */
const BATCHES_PER_WORKER = { usual: 2, besideRivals: 1 };
/** Batches that a group which was away may have before others go on: a page or two are done in one go. */
const HEAD_BATCHES = 4;
/** After this many interactive batches in a row, a worker that takes everything owes bulk work one. */
const INTERACTIVE_BURST = 8;
/** Groups that came one after the other within so long, ms, are rivals; so is one that comes while the one before waits. */
const RIVALS_MS = 10_000;

interface Seat {
  readonly worker: DispatchWorker;
  batches: number;
  interactiveInARow: number;
}

/**
 * Hands texts to workers: interactive before bulk, groups in turns, shared out fairly among the free ones, never more
 * waiting than the limit. Every text admitted is answered once, whatever the workers do.
 */
export class Dispatcher {
  private readonly lanes: Readonly<Record<Lane, LaneQueue>>;
  private readonly seats = new Map<DispatchWorker, Seat>();
  private readonly open = new Set<Submission>();
  private readonly drain = new DrainRate();
  private readonly returnLines: ReturnLines;
  private readonly suspects: Suspects;
  private onEmpty: (() => void)[] = [];
  private batchesInFlight = 0;
  private busySince = 0;
  private refusal: MillraceError | undefined;
  /** Whose bulk work came last, when, and until when it is taken to have rivals. */
  private last: { readonly group: string; readonly at: number; readonly rivalsUntil: number } | undefined;

  constructor(
    private readonly limits: DispatchLimits,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.returnLines = new ReturnLines(this.drain, now);
    this.suspects = new Suspects(now);
    const headTokens = HEAD_BATCHES * limits.batchTokens;
    this.lanes = { interactive: new LaneQueue(headTokens), bulk: new LaneQueue(headTokens) };
  }

  get waitingTokens(): number {
    return this.lanes.interactive.tokens + this.lanes.bulk.tokens;
  }

  /**
   * Throws what a request of this many tokens is refused with now; then it has a place among those who come again. Half of
   * what may wait is the most of a group with a name, unless it is a single request.
   */
  admit({ lane, group = '' }: For, tokens: number): void {
    if (this.refusal) throw this.refusal;
    const limit = this.limits.waitingTokens[lane];
    const detail = `${tokens} tokens in one request, ${limit} are allowed`;
    if (tokens > limit) throw new MillraceError('input_too_long', { detail });
    const own = group === '' ? 0 : this.lanes[lane].tokensOfGroup(group);
    const ofGroup = own > 0 ? own + tokens - limit / 2 : 0;
    const excess = Math.max(ofGroup, this.lanes[lane].tokens + tokens - limit);
    if (excess > 0) throw this.full({ lane, group }, tokens, excess);
  }

  /** Rejects with `queue_full`, `input_too_long`, `cancelled`, `poison_job`, or what `refuse` was given. */
  async submit(texts: readonly Int32Array[], whose: For, signal?: AbortSignal): Promise<Dispatched> {
    this.admit(whose, texts.reduce(addLength, 0));
    if (signal?.aborted) throw new MillraceError('cancelled');
    if (texts.length === 0) return { vectors: [], millis: { queue: 0, inference: 0 } };
    this.refusePoison(texts);
    return this.enqueue(texts, whose, signal);
  }

  attach(worker: DispatchWorker): void {
    this.refusal = undefined;
    this.seats.set(worker, { worker, batches: 0, interactiveInARow: 0 });
    this.pump();
  }

  /** The worker has ended. What it had in hand comes back through its rejected runs. */
  detach(worker: DispatchWorker): void {
    this.seats.delete(worker);
  }

  /** Answers everything with this error, and what comes later too, until a worker is attached. */
  refuse(error: MillraceError): void {
    this.refuseNew(error);
    for (const submission of this.open) this.settle(submission, { error });
  }

  refuseNew(error: MillraceError): void {
    this.refusal = error;
  }

  /** Resolves when nothing is left to answer. */
  async drained(): Promise<void> {
    if (this.open.size > 0) await new Promise<void>((resolve) => this.onEmpty.push(resolve));
  }

  private full({ lane, group }: For, tokens: number, excess: number): MillraceError {
    return new MillraceError('queue_full', {
      retryAfter: this.returnLines.join(`${lane} ${group}`, tokens, excess),
    });
  }

  private refusePoison(texts: readonly Int32Array[]): void {
    const at = texts.findIndex((ids) => this.suspects.isPoison(ids));
    if (at >= 0)
      throw new MillraceError('poison_job', { detail: `text ${at} ended ${MAX_CRASHES} workers before` });
  }

  private enqueue(texts: readonly Int32Array[], whose: For, signal?: AbortSignal): Promise<Dispatched> {
    return new Promise((resolve, reject) => {
      const cancel = (): void => this.settle(submission, { error: new MillraceError('cancelled') });
      const end = (outcome: Outcome): void => {
        signal?.removeEventListener('abort', cancel);
        if ('error' in outcome) reject(outcome.error);
        else resolve({ vectors: outcome.vectors, millis: this.millis(submission) });
      };
      const submission = newSubmission(texts, whose, this.now(), end);
      signal?.addEventListener('abort', cancel, { once: true });
      this.open.add(submission);
      if (whose.lane === 'bulk') this.noteGroup(submission.group);
      this.lanes[whose.lane].add(submission);
      this.pump();
    });
  }

  private noteGroup(group: string): void {
    const { last } = this;
    const at = this.now();
    const isRival =
      last !== undefined &&
      last.group !== group &&
      (at - last.at <= RIVALS_MS || this.lanes.bulk.tokensOfGroup(last.group) > 0);
    this.last = { group, at, rivalsUntil: isRival ? at + RIVALS_MS : (last?.rivalsUntil ?? 0) };
  }

  private get hasRivals(): boolean {
    return this.lanes.bulk.waitingGroups > 1 || (this.last?.rivalsUntil ?? 0) > this.now();
  }

  private millis({ admittedAt, startedAt = admittedAt }: Submission): Dispatched['millis'] {
    return { queue: startedAt - admittedAt, inference: this.now() - startedAt };
  }

  /** Fills the free seats until nothing is left that one of them may take. */
  private pump(): void {
    for (let seat = this.freest(); seat; seat = this.freest()) {
      const lane = this.laneFor(seat);
      const batch = this.lanes[lane].take(this.share(lane, seat)).filter((text) => this.isWorthATry(text));
      if (batch.length > 0) this.send(seat, batch);
    }
  }

  private freest(): Seat | undefined {
    const most = this.hasRivals ? BATCHES_PER_WORKER.besideRivals : BATCHES_PER_WORKER.usual;
    const able = [...this.seats.values()].filter((seat) => seat.batches < most && this.hasWork(seat));
    return able.reduce<Seat | undefined>(
      (best, seat) => (best && !isFreer(seat, best) ? best : seat),
      undefined,
    );
  }

  private hasWork({ worker }: Seat): boolean {
    const { interactive, bulk } = this.lanes;
    return interactive.tokens > 0 || (worker.takes === 'everything' && bulk.tokens > 0);
  }

  private laneFor(seat: Seat): Lane {
    const { interactive, bulk } = this.lanes;
    const contested = seat.worker.takes === 'everything' && bulk.tokens > 0;
    const yields = contested && (interactive.tokens === 0 || seat.interactiveInARow >= INTERACTIVE_BURST);
    seat.interactiveInARow = yields ? 0 : seat.interactiveInARow + Number(contested);
    return yields ? 'bulk' : 'interactive';
  }

  /** A fair part of what waits, so that four short texts go to two equally free workers and not to one. */
  private share(lane: Lane, { batches, worker }: Seat): number {
    const rivals = [...this.seats.values()].filter(
      (seat) => seat.batches === batches && (lane === 'interactive' || seat.worker.takes === 'everything'),
    );
    const batchTokens = Math.max(this.limits.batchTokens, worker.runTokens);
    const most = lane === 'bulk' && this.hasRivals ? batchTokens / 2 : batchTokens;
    return Math.min(most, Math.ceil(this.lanes[lane].tokens / rivals.length));
  }

  /** Another copy of it may have turned out to be poison while it waited. */
  private isWorthATry({ ids, of }: Text): boolean {
    const isPoison = this.suspects.isPoison(ids);
    if (isPoison) this.settle(of, { error: new MillraceError('poison_job') });
    return !isPoison;
  }

  private send(seat: Seat, batch: readonly Text[]): void {
    const now = this.now();
    for (const { of } of batch) of.startedAt ??= now;
    if (this.batchesInFlight++ === 0) this.busySince = now;
    seat.batches++;
    seat.worker
      .run(batch.map(({ ids }) => ids))
      .then((vectors) => this.keep(batch, vectors))
      .catch((error: unknown) => this.recover(seat, batch, error))
      .finally(() => {
        this.batchesInFlight--;
        seat.batches--;
        this.pump();
      });
  }

  private keep(batch: readonly Text[], vectors: readonly Float32Array[]): void {
    this.measure(batch);
    for (const [at, { ids, of, index }] of batch.entries()) {
      this.suspects.acquit(ids);
      of.vectors[index] = vectors[at]!;
      if (--of.missing === 0) this.settle(of, { vectors: of.vectors });
    }
  }

  private measure(batch: readonly Text[]): void {
    const now = this.now();
    const tokens = batch.reduce((sum, { ids }) => addLength(sum, ids), 0);
    this.drain.add(tokens, (now - this.busySince) / 1000);
    this.busySince = now;
  }

  private recover(seat: Seat, batch: readonly Text[], error: unknown): void {
    if (!(error instanceof WorkerDied))
      return batch.forEach(({ of }) => this.settle(of, { error: MillraceError.from(error) }));
    this.detach(seat.worker);
    for (const text of batch) {
      const isWhy = error.wasRunning && batch.length === 1;
      const verdict = isWhy ? this.suspects.blame(text.ids, error) : undefined;
      if (verdict) this.settle(text.of, { error: verdict });
      else if (!text.of.settled) this.lanes[text.of.lane].addAgain(text);
    }
  }

  private settle(submission: Submission, outcome: Outcome): void {
    if (submission.settled) return;
    submission.settled = true;
    this.lanes[submission.lane].drop(submission);
    this.open.delete(submission);
    submission.end(outcome);
    if (this.open.size > 0) return;
    for (const tell of this.onEmpty) tell();
    this.onEmpty = [];
  }
}

const newSubmission = (
  texts: readonly Int32Array[],
  { lane, group = '' }: For,
  admittedAt: number,
  end: Submission['end'],
): Submission => ({
  ...{ lane, group, texts, admittedAt, end },
  ...{ vectors: [], startedAt: undefined, next: 0, missing: texts.length, settled: false },
});

const addLength = (sum: number, { length }: Int32Array): number => sum + length;

/** Fewer batches in hand first; among equals the one kept for queries. */
const isFreer = (a: Seat, b: Seat): boolean =>
  a.batches === b.batches ? a.worker.takes === 'interactive' : a.batches < b.batches;
