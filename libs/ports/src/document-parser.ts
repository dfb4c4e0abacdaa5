import type { Chunk } from '@millrace/contracts';

/**
 * Reads a file of any supported format into text and cuts it into chunks, outside the service's own process, with
 * a limit on memory and time. A file that kills or stalls its process fails alone: `parse_out_of_memory`,
 * `parse_timeout`; unreadable ones with the 422 codes of the error table. The result depends on the bytes alone.
 */
export interface DocumentParser {
  parse(source: ParserInput, signal?: AbortSignal): Promise<ParsedDocument>;
  healthy(): Promise<boolean>;
  close(): Promise<void>;
}

export interface ParserInput {
  readonly bytes: Uint8Array;
  /** What the sender said it is; the bytes decide where the two differ. */
  readonly mediaType?: string | undefined;
  readonly filename?: string | undefined;
  readonly chunking: ChunkingOptions;
  /** Whose file it is: groups take turns, and files of one do not keep another's out. */
  readonly group?: string | undefined;
  /** Ends in `parse_timeout` after seconds, more for a large file: who asks comes again without it, out of the way of others. */
  readonly hurried?: boolean | undefined;
}

export interface ChunkingOptions {
  /** Upper bound of a chunk, in tokens of the embedding model, heading path included. */
  readonly maxTokens: number;
  /** More is refused with `too_many_chunks`. */
  readonly maxChunks: number;
}

export interface ParsedDocument {
  /** What the format says the title is; else the first top heading. */
  readonly title?: string | undefined;
  /** The text that offsets count in. For plain text exactly the source; for Markdown too, with blanks in place of comments. */
  readonly text: string;
  /** Without ids: those belong to the version. */
  readonly chunks: readonly Omit<Chunk, 'id'>[];
  readonly mediaType: string;
  /** `markdown@1`: parser and chunker with their versions, for lineage. */
  readonly parser: string;
  readonly chunker: string;
  /** What the file holds and shows to no reader, its beginning at least; of formats that can tell. It is to be found by nobody. */
  readonly hidden?: string | undefined;
}
