/** The text around a passage, cut where it is very long. */
export interface Passage {
  readonly before: string;
  readonly passage: string;
  readonly after: string;
  /** Text was left out at the beginning or end. */
  readonly cut: boolean;
}

/** Characters shown on each side of the passage: a browser lays out a few hundred thousand without a pause. */
const around = 150_000;

/** @param start UTF-16 offset; offsets outside of the text are moved into it */
export function cutPassage(text: string, start = 0, end = start): Passage {
  const from = Math.min(Math.max(start, 0), text.length);
  const to = Math.min(Math.max(end, from), text.length);
  const first = Math.max(0, from - around);
  const last = Math.min(text.length, to + around);
  return {
    before: text.slice(first, from),
    passage: text.slice(from, to),
    after: text.slice(to, last),
    cut: first > 0 || last < text.length,
  };
}
