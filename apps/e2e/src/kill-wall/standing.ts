import type { Flaw } from './faults.ts';
import type { Operation, Sender } from './sender.ts';

/**
 * Where the operations on a document have brought it, as far as their answers tell. Those that were answered happened in
 * their order. A try without an answer may have happened once, at any time since: whoever passed it on may have been
 * killed while it was under way.
 */
export class Standing {
  /** Answers that contradict one another. */
  readonly flaws: Flaw[] = [];
  /** Versions that the answered operations made, at least and at most; 0: it is not there. */
  private least = 0;
  private most = 0;
  /** The last that was answered: by then the document was what it says. */
  private last: Operation | undefined;
  private readonly open: Operation[] = [];
  /** Open ones that happened, as the numbers in later answers show. */
  private happened = 0;

  /** @param log in the order in which they were tried */
  constructor(
    log: readonly Operation[],
    private readonly sender: Pick<Sender, 'deletesUnknown'>,
  ) {
    for (const operation of log)
      if (operation.acknowledged || operation.version !== undefined) this.follow(operation);
      else this.open.push(operation);
  }

  get lowest(): number {
    return this.least;
  }

  get highest(): number {
    return this.most + this.late;
  }

  /** Operations of which one made a version, or the possible one next to it; none where none was made. */
  makersOf(version: number): readonly Operation[] {
    const possible = Math.min(Math.max(version, this.lowest), this.highest);
    const settled = this.last && possible <= this.most ? [this.last] : [];
    return possible > this.least ? [...settled, ...this.open] : settled;
  }

  /** Open ones that may still have happened. */
  private get late(): number {
    return this.open.length - this.happened;
  }

  private follow(operation: Operation): void {
    // A delete of what is deleted already makes no version, unless an open put came between them.
    const mayBeIdle = operation.kind === 'delete' && this.isGone;
    this.least += mayBeIdle ? 0 : 1;
    this.most += mayBeIdle && this.late === 0 ? 0 : 1;
    this.last = operation;
    if (operation.version !== undefined) this.settle(operation.version);
  }

  /** Whether a delete finds nothing to delete. */
  private get isGone(): boolean {
    return this.last ? this.last.kind === 'delete' : !this.sender.deletesUnknown;
  }

  private settle(told: number): void {
    const { lowest, highest } = this;
    if (told < lowest) this.flaws.push(['lost', `version ${told} was answered, at least ${lowest} was due`]);
    if (told > highest)
      this.flaws.push(['duplicated', `version ${told} was answered, at most ${highest} was due`]);
    this.happened = Math.min(this.open.length, this.happened + Math.max(0, told - this.most));
    this.least = this.most = told;
  }
}
