export type BlockKind = 'heading' | 'paragraph' | 'list' | 'table' | 'code';

/**
 * A piece of a document's structure, as a range of its text. Blocks come in order and do not overlap; what lies
 * between two blocks is not indexed.
 */
export interface Block {
  readonly kind: BlockKind;
  /** Offsets in UTF-16 units, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** Of a heading: 1 is the highest. */
  readonly level?: number | undefined;
  /** 1-based page, slide or sheet. */
  readonly page?: number | undefined;
  /** Of a heading: its words without markup. Of a table whose first line is a header row: that row's words. */
  readonly label?: string | undefined;
}
