import { z } from 'zod';
import { accessList, chunk, metadata } from './documents.ts';

/** The blob that parsing leaves (`parsed` in the events): what embedding, indexing and the console read. */
export const parsedDocument = z.object({
  title: z.string().optional(),
  /** The extracted text that all offsets count in, UTF-16 units. */
  text: z.string(),
  chunks: z.array(chunk),
  metadata,
  acl: accessList,
  /** What made it: media type as found in the bytes, parser and chunker with their versions. */
  lineage: z.object({ mediaType: z.string(), parser: z.string(), chunker: z.string() }),
});
export type ParsedDocument = z.infer<typeof parsedDocument>;

/**
 * One collection for each preparation of an embedding model: vectors of two models never meet, and what was left of an
 * earlier preparation is never met again. `model` is the fingerprint; without a preparation that of the model which served
 * first.
 */
export const collectionOf = (model: string, preparation?: number): string =>
  `documents-${model.slice(0, 16)}${preparation === undefined ? '' : `-${preparation}`}`;
