import type { Block } from '@millrace/text';

/** What a format reader finds in a file. */
export interface Extract {
  /** What the format itself calls the title. */
  readonly title?: string | undefined;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** What the file holds and does not show, as far as it was looked for. */
  readonly hidden?: string | undefined;
}

/** Bounds that hold while a file is read. */
export interface ReadLimits {
  /** Bytes an archive may unpack to. */
  readonly maxExpandedBytes: number;
  /** UTF-16 units of extracted text. */
  readonly maxTextChars: number;
}

export interface Source {
  readonly bytes: Uint8Array;
  readonly mediaType?: string | undefined;
  readonly filename?: string | undefined;
}

export interface ReaderContext {
  readonly limits: ReadLimits;
  /** Reads a file found inside this one with the same table of formats; a file inside that is left alone. */
  readonly readNested?: ((source: Source) => Promise<Extract>) | undefined;
}
