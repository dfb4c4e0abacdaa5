/** What was said of a document at one place of its log, counted from 1. */
export type Saying = {
  readonly place: number;
  readonly event: string;
} & ({ readonly kind: 'good' | 'bad'; readonly text: string } | { readonly kind: 'delete' });

/** Undefined: there never was one. */
export type Content = { readonly text: string } | 'deleted' | undefined;

/** What becomes of a document, in the plainest words: its messages happen once, in the order of the log. */
export class HistoryModel {
  content: Content;
  /** Places of broken messages that have a letter. */
  readonly letters = new Set<number>();
  /** Where the content was said last, and the events that said it. */
  private saidAt = 0;
  private saidBy = new Set<string>();
  private readonly done = new Set<string>();

  /** A message of the log, in its order. */
  say(saying: Saying): void {
    const { place, event, kind } = saying;
    if (kind === 'bad') {
      this.letters.add(place);
      return;
    }
    if (!this.done.has(event))
      this.become(kind === 'delete' ? 'deleted' : { text: saying.text }, place, event);
    else if (this.saidBy.has(event)) this.saidAt = place;
    else return;
    this.done.add(event);
    if (kind === 'delete') this.eraseLetters(place);
  }

  /** Anew, when it is sent or read again once what it lacked is there: in the place where it failed. */
  saySince({ place, event, text }: Saying & { readonly kind: 'bad' }): void {
    this.letters.delete(place);
    if (this.saidBy.has(event)) this.saidAt = Math.max(this.saidAt, place);
    if (this.done.has(event) || place < this.saidAt) return;
    this.become({ text }, place, event);
    this.done.add(event);
  }

  /** Over HTTP, where what was never there is not deleted, but its letters are. */
  withdraw(place: number): void {
    if (this.content !== undefined) this.become('deleted', place, `delete ${place}`);
    this.eraseLetters(place);
  }

  /** In the place of a broken message. */
  correct(place: number, content: Exclude<Content, undefined>): void {
    this.letters.delete(place);
    if (place >= this.saidAt) this.become(content, place, `correction ${place}`);
    if (content === 'deleted') this.eraseLetters(place);
  }

  private become(content: Content, place: number, event: string): void {
    if (content !== 'deleted' || this.content !== 'deleted') this.saidBy = new Set();
    this.saidBy.add(event);
    this.content = content;
    this.saidAt = place;
  }

  private eraseLetters(upTo: number): void {
    for (const place of this.letters) if (place <= upTo) this.letters.delete(place);
  }
}
