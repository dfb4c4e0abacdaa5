import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MillraceError } from '@millrace/contracts';
import type { CatalogueEntry, ModelFile } from './entry.ts';

/** SHA-256 in hex, or undefined when there is no such file. */
export async function sha256Of(file: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return hash.digest('hex');
}

export interface Verified {
  /** Name -> SHA-256 of the files that are as they should be. */
  readonly good: ReadonlyMap<string, string>;
  readonly missing: readonly ModelFile[];
  /** There, with other content than the catalogue accepts. */
  readonly corrupt: readonly ModelFile[];
}

/** Compares a model's folder with its catalogue entry, file by file. */
export async function verifyModel({ files }: CatalogueEntry, modelDir: string): Promise<Verified> {
  const good = new Map<string, string>();
  const missing: ModelFile[] = [];
  const corrupt: ModelFile[] = [];
  for (const file of files) {
    const sha256 = await sha256Of(join(modelDir, file.name));
    if (sha256 === undefined) missing.push(file);
    else if (file.sha256.includes(sha256)) good.set(file.name, sha256);
    else corrupt.push(file);
  }
  return { good, missing, corrupt };
}

const isWhole = ({ missing, corrupt }: Verified): boolean => missing.length + corrupt.length === 0;

/** SHA-256 by file name; throws `models_missing`, which names what is wrong and what mends it, when the model is not whole. */
export async function requireModel(
  entry: CatalogueEntry,
  modelDir: string,
): Promise<ReadonlyMap<string, string>> {
  const verified = await verifyModel(entry, modelDir);
  if (isWhole(verified)) return verified.good;
  const gaps = [
    ...verified.missing.map(({ name }) => `${name} is missing`),
    ...verified.corrupt.map(({ name }) => `${name} is not what it should be`),
  ];
  const mend = `run npm run millrace -- models pull ${entry.name}`;
  throw new MillraceError('models_missing', { detail: `${entry.name}: ${gaps.join(', ')}; ${mend}` });
}
