import type { EmbeddingModel } from '@millrace/ports';
import type { CatalogueEntry, EmbeddingManifest, ModelFile } from '../catalogue/entry.ts';
import { fingerprint } from './fingerprint.ts';

/** An embedding model has one file that is run. */
export const modelFile = ({ files }: CatalogueEntry): ModelFile => files[0]!;

/** What the port tells of a model whose file has this checksum. */
export function describeModel(entry: CatalogueEntry<EmbeddingManifest>, sha256: string): EmbeddingModel {
  const { dims, minDims = dims, prefixes, maxTokens } = entry.manifest;
  return { name: entry.name, dims, minDims, prefixes, maxTokens, fingerprint: fingerprint(entry, sha256) };
}
