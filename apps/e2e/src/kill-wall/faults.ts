/** What an audit finds: each with the document and what is wrong with it. */
export interface Faults {
  /** Less than was acknowledged: a version, a text or a part of it, metadata. */
  readonly lost: string[];
  /** More than was sent: a version, a chunk, an entry in a list, a whole document. */
  readonly duplicated: string[];
  /** Pieces of several versions or documents as if they were one; a vector of another text. */
  readonly mixed: string[];
  /** Found, or said to be there, though it was deleted or never was. */
  readonly resurrected: string[];
  /** Still under way, or given up. */
  readonly unfinished: string[];
}

export type Fault = keyof Faults;

/** One of them, not yet said of which document. */
export type Flaw = readonly [fault: Fault, what: string];
