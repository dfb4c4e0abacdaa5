import type { ModerationCategory } from '@millrace/contracts';
import type { Reading } from './reading.ts';
import type { Word } from './words.ts';

/** What a detector looks at. Indices count in `text`. */
export interface View {
  /** Folded: see `fold`. */
  readonly text: string;
  /** The same in lower case, index for index. */
  readonly lower: string;
  /** The words of `lower`. */
  readonly words: readonly Word[];
  /** `lower` as its words are read. */
  readonly reading: Reading;
  /** What stands before was released already: it is context, and nothing reported may start there. */
  readonly from: number;
  /** False while more text may follow. */
  readonly complete: boolean;
}

/** Something found, or something that more text could complete. */
export interface Candidate {
  readonly start: number;
  /** Exclusive; as far as known while `open`. */
  readonly end: number;
  /** More text decides whether this is a match, or how long. It must not leave before. */
  readonly open?: boolean;
  /** Longer than anything the detector is willing to follow: not redacted but blocked, because its end is unknown. */
  readonly overlong?: boolean;
}

/**
 * Finds one category. For streams to come out the same however they are cut, what is found at a place may depend only on
 * a bounded stretch of text around it, never on where the text handed over happens to begin or end: what could still
 * change with more text is reported as open.
 */
export interface Detector {
  readonly category: ModerationCategory;
  /** How sure a finding is, 0 to 1. */
  readonly score: number;
  detect(view: View): Iterable<Candidate>;
}

const code = (character: string): number => character.charCodeAt(0);

export const isDigit = (unit: number): boolean => unit >= code('0') && unit <= code('9');

/** ASCII letters and digits; any case. */
export const isWordUnit = (unit: number): boolean =>
  isDigit(unit) || (unit >= code('a') && unit <= code('z')) || (unit >= code('A') && unit <= code('Z'));
