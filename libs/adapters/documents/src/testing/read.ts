import type { ParsedDocument } from '@millrace/ports';
import type { Source } from '../extract.ts';
import { readDocument } from '../read-document.ts';
import { bytesOf } from './made-files.ts';

/** Reads a file in this process with ordinary limits. */
export const read = (
  content: string | Uint8Array,
  source: Omit<Source, 'bytes'> = {},
  maxExpandedBytes = 64 * 1024 * 1024,
): Promise<ParsedDocument> =>
  readDocument(
    { bytes: typeof content === 'string' ? bytesOf(content) : content, ...source },
    { maxExpandedBytes, maxTextChars: 5_000_000 },
    { maxTokens: 256, maxChunks: 10_000 },
  );

/** The code that reading ends with; `read` when it does not fail. */
export const codeOf = (reading: Promise<unknown>): Promise<unknown> =>
  reading.then(
    () => 'read',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
