import type { ErrorCode } from '@millrace/contracts';
import type { ChunkingOptions, ParsedDocument } from '@millrace/ports';
import type { ReadLimits, Source } from '../extract.ts';

/** What the parent sends: one file at a time. */
export interface ParseRequest {
  readonly source: Source;
  readonly limits: ReadLimits;
  readonly chunking: ChunkingOptions;
}

/** What the child sends: once that it is there, then one answer a request. */
export type ChildMessage = { readonly kind: 'ready' } | ParseReply;

export type ParseReply =
  | { readonly kind: 'parsed'; readonly document: WireDocument; readonly rssBytes: number }
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode;
      readonly detail: string | undefined;
      readonly rssBytes: number;
    };

/** A parsed document whose chunks travel without their texts: those are slices of the document's. */
export type WireDocument = Omit<ParsedDocument, 'chunks'> & {
  readonly chunks: readonly Omit<ParsedDocument['chunks'][number], 'text'>[];
};

export const toWire = (document: ParsedDocument): WireDocument => ({
  ...document,
  chunks: document.chunks.map(({ text: _, ...chunk }) => chunk),
});

export const fromWire = ({ chunks, ...document }: WireDocument): ParsedDocument => ({
  ...document,
  chunks: chunks.map((chunk) => ({ ...chunk, text: document.text.slice(chunk.start, chunk.end) })),
});

/** Written to standard error by the watchdog before it kills the process. */
export const outOfMemoryMark = 'millrace: over the memory limit';
