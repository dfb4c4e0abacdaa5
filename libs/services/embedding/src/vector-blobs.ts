import { parsedDocument, type ParsedDocument } from '@millrace/contracts';
import type { BlobStore } from '@millrace/ports';

/** Where a version's vectors by a model lie: beside its parsed text. */
export const vectorsKey = (parsed: string, fingerprint: string): string =>
  parsed.replace(/[^/]+$/, `vectors-${fingerprint.slice(0, 16)}.f32`);

/** Undefined where it was erased or overtaken. */
export async function readParsed(blobs: BlobStore, key: string): Promise<ParsedDocument | undefined> {
  const bytes = await blobs.get(key);
  return bytes && parsedDocument.parse(JSON.parse(new TextDecoder().decode(bytes)));
}
