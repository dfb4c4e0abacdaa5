import type { Operation } from '../sender.ts';

export type Way = 'http' | 'topic';
type Kind = Operation['kind'];

/** What is done to a document, what is answered, and what becomes of it where all goes well. */
export class History {
  readonly journal: Operation[] = [];
  /** 0: it was never there. */
  version = 0;
  /** What it is now. */
  last: Operation | undefined;
  /** Tries without an answer that have not happened. */
  private readonly open: Operation[] = [];

  /** @param edition the next one */
  constructor(
    private readonly way: Way,
    private readonly edition: () => number,
  ) {}

  /** New text. */
  put(): this {
    return this.answer(this.note('put'));
  }

  /** New metadata with the text as it is. */
  describe(): this {
    return this.answer(this.note('put', this.last!.mark));
  }

  delete(): this {
    return this.answer(this.note('delete'));
  }

  /** Nobody answers, and for now it does not happen. */
  tried(kind: Kind): this {
    this.open.push(this.note(kind));
    return this;
  }

  /** The oldest try that has not happened does. */
  late(): this {
    const operation = this.open.shift();
    if (operation) this.happen(operation);
    return this;
  }

  private note(kind: Kind, mark?: string): Operation {
    const edition = this.edition();
    const operation: Operation = { kind, mark: mark ?? `mark${edition.toString(36)}x`, edition };
    this.journal.push(operation);
    return operation;
  }

  private answer(operation: Operation): this {
    this.happen(operation);
    if (this.way === 'http') operation.version = this.version;
    if (this.version > 0) operation.acknowledged = true;
    return this;
  }

  /** A put of new content makes a version, a delete only where there is something or an event asks for it. */
  private happen(operation: Operation): void {
    const isIdle = this.last ? this.last.kind === 'delete' : this.way === 'http';
    if (operation.kind === 'delete' && isIdle) return;
    this.version += 1;
    this.last = operation;
  }
}
