import { createHash } from 'node:crypto';
import type { CatalogueEntry, EmbeddingManifest } from '../catalogue/entry.ts';
import { int8Instructions } from '../runtime/cpu.ts';

/** Raised when the graph is run in another way, with other roundings: 2 since attention is one operation. */
const wayOfRunning = 2;

/**
 * Names the vector space, in 32 hex digits. Changes with everything that changes vectors: the file, how its output
 * is pooled, what is put before a text, where a text is cut, how the graph is run, and for int8 the instructions of the
 * processor.
 */
export function fingerprint(
  { manifest }: CatalogueEntry<EmbeddingManifest>,
  sha256: string,
  instructions: string = int8Instructions(),
): string {
  const { dims, pooling, normalise, prefixes, maxTokens, precision } = manifest;
  const parts = [
    sha256,
    dims,
    pooling,
    normalise,
    prefixes.query,
    prefixes.passage,
    maxTokens,
    precision,
    wayOfRunning,
  ];
  if (precision === 'int8') parts.push(instructions);
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
