import type { MillraceError } from '@millrace/contracts';
import { Smoothed } from './smoothed.ts';

/** Failures in a row after which a back end is left in peace. */
const failuresUntilRest = 3;
/** Between two looks at one that rests or is too slow; each time twice as long. */
const firstPauseMs = 1_000;
const longestPauseMs = 10_000;
/** The longest that a back end may ask us to stay away. */
const longestWishMs = 60_000;

/** How one request to a back end goes. Times are milliseconds of one clock. */
export interface Watched {
  /** Pieces of the answer have come. Default: one. */
  said(now: number, pieces?: number): void;
  completed(now: number): void;
  failed(error: MillraceError, now: number): void;
  /** Given up by us before it was over. */
  left(now: number): void;
}

interface Attempt {
  readonly beganAt: number;
  firstAt?: number;
  pieces: number;
}

/**
 * How a model of a back end has been doing lately: what the choice among several goes by. One that failed several times in
 * a row rests; one that rests, or has been too slow to be chosen, is looked at again now and then. Those that wait for their
 * first word count with the time they have waited, so that a back end that hangs is known before anything comes of it.
 */
export class Standing {
  private readonly firstWord = new Smoothed();
  private readonly eachPiece = new Smoothed();
  private readonly length = new Smoothed();
  private readonly waiting = new Set<Attempt>();
  private failures = 0;
  private wishedUntil = -Infinity;
  private lookedAt = -Infinity;
  private pauseMs = firstPauseMs;

  begin(now: number): Watched {
    const attempt: Attempt = { beganAt: now, pieces: 0 };
    this.waiting.add(attempt);
    return {
      said: (at, pieces = 1) => this.said(attempt, at, pieces),
      completed: (at) => this.completed(attempt, at),
      failed: (error, at) => this.failed(attempt, error, at),
      left: (at) => this.left(attempt, at),
    };
  }

  /** Whether it is better left in peace now. */
  rests(now: number): boolean {
    return this.failures >= failuresUntilRest || now < this.wishedUntil;
  }

  /** Milliseconds that an answer of at most so many tokens will hardly exceed; 0 while nothing is known. */
  forecast(mostTokens: number, now: number): number {
    const waited = Math.max(0, ...[...this.waiting].map(({ beganAt }) => now - beganAt));
    const pieces = Math.min(mostTokens, this.length.mean ?? 0);
    return Math.max(this.firstWord.upper, waited) + pieces * this.eachPiece.upper;
  }

  /** What its first word seldom takes longer than, in milliseconds; undefined while nothing is known. */
  get usualFirstWordMs(): number | undefined {
    return this.firstWord.mean === undefined ? undefined : this.firstWord.upper;
  }

  /** Whether it is time to look whether it is well again. Who is told so has to look. */
  takeLook(now: number): boolean {
    if (now < this.wishedUntil || now - this.lookedAt < this.pauseMs) return false;
    this.lookedAt = now;
    this.pauseMs = Math.min(longestPauseMs, 2 * this.pauseMs);
    return true;
  }

  /** It was looked at: what was before no longer counts. */
  found({
    firstWordMs,
    pieceMs,
  }: {
    readonly firstWordMs: number;
    readonly pieceMs?: number | undefined;
  }): void {
    this.firstWord.restart(firstWordMs);
    if (pieceMs !== undefined) this.eachPiece.restart(pieceMs);
    this.recovered();
  }

  /** It goes by itself again, so the next time it is looked at soon. */
  private recovered(): void {
    this.failures = 0;
    this.wishedUntil = -Infinity;
    this.pauseMs = firstPauseMs;
  }

  private said(attempt: Attempt, now: number, pieces: number): void {
    attempt.pieces += pieces;
    if (attempt.firstAt !== undefined) return;
    attempt.firstAt = now;
    this.waiting.delete(attempt);
    this.firstWord.observe(now - attempt.beganAt);
  }

  private completed(attempt: Attempt, now: number): void {
    this.waiting.delete(attempt);
    this.recovered();
    const { firstAt, pieces } = attempt;
    if (firstAt === undefined) return;
    this.length.observe(pieces);
    if (pieces > 1) this.eachPiece.observe((now - firstAt) / (pieces - 1));
  }

  private failed(attempt: Attempt, { code, spec, retryAfter }: MillraceError, now: number): void {
    this.waiting.delete(attempt);
    // The request was at fault.
    if (!spec.retryable) return;
    // It says itself when to come back; that it is busy is no failure.
    if (code === 'queue_full') this.wishedUntil = now + Math.min(longestWishMs, 1_000 * (retryAfter ?? 1));
    else this.failures += 1;
    this.lookedAt = now;
  }

  private left(attempt: Attempt, now: number): void {
    this.waiting.delete(attempt);
    const waited = now - attempt.beganAt;
    if (attempt.firstAt === undefined && waited > this.firstWord.upper) this.firstWord.observe(waited);
  }
}
