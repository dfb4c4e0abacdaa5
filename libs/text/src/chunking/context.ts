import type { Chunk } from '@millrace/contracts';

/** What stands above a chunk, as it is put before the chunk's text for the embedding model. */
export const headingLine = (headings: readonly string[]): string => headings.join(' > ');

/** The text that a chunk's vector is made of: its headings, then itself. Within the chunker's budget. */
export const embeddingText = ({ headings, text }: Pick<Chunk, 'headings' | 'text'>): string =>
  headings.length > 0 ? `${headingLine(headings)}\n${text}` : text;
