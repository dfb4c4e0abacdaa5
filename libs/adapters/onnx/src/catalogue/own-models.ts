import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MillraceError } from '@millrace/contracts';
import { z } from 'zod';
import { embeddingModels } from './entries.ts';
import type { CatalogueEntry, EmbeddingManifest } from './entry.ts';
import { sha256Of } from './verify.ts';

/** Beside the weights: that a folder has one makes it a model of the operator's own. */
const descriptionFile = 'model.json';
const weightsFile = 'model.onnx';

const prefix = z.string().max(500).default('');

/** `model.json`: how an encoder that the catalogue does not know turns a text into a vector. */
const description = z.strictObject({
  /** The one there is: WordPiece over BERT's uncased vocabulary of 30,522, as MiniLM, BGE, E5 and GTE have it in English. */
  tokenizer: z.literal('bert-uncased'),
  dims: z.int().min(1).max(8192),
  minDims: z.int().min(1).optional(),
  pooling: z.enum(['mean', 'cls']),
  normalise: z.boolean().default(true),
  prefixes: z.strictObject({ query: prefix, passage: prefix }).default({ query: '', passage: '' }),
  maxTokens: z.int().min(16).max(8192).default(512),
  precision: z.enum(['int8', 'fp16', 'fp32']),
  licence: z.string().min(1).default('not stated'),
});

/**
 * The embedding models that operators put into the folder of models themselves, each in a folder of its own with
 * `model.onnx` and `model.json`. A file's checksum is taken as it is found: one that is changed later is refused by whatever
 * would load it, until it is put back or the next start. Rejects with `model_description_invalid`, which names the file and what is wrong with it.
 */
export async function ownModels(modelsDir: string): Promise<CatalogueEntry<EmbeddingManifest>[]> {
  const folders = (await readdir(modelsDir).catch(absent)) ?? [];
  const entries = await Promise.all(folders.sort().map((name) => ownModel(modelsDir, name)));
  return entries.filter((entry) => entry !== undefined);
}

async function ownModel(
  modelsDir: string,
  name: string,
): Promise<CatalogueEntry<EmbeddingManifest> | undefined> {
  const file = join(modelsDir, name, descriptionFile);
  const refuse = (why: string): never => {
    throw new MillraceError('model_description_invalid', { detail: `${file}: ${why}` });
  };
  const text = await readFile(file, 'utf8')
    .catch(absent)
    .catch((error: Error) => refuse(error.message));
  if (text === undefined) return undefined;
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(name))
    refuse('a folder’s name is made of lower case letters, digits, dots and hyphens');
  if (embeddingModels.some((known) => known.name === name)) refuse('the catalogue has a model of that name');
  const { licence, tokenizer: _, minDims, ...manifest } = read(text, refuse);
  const weights = join(modelsDir, name, weightsFile);
  const sha256 = await sha256Of(weights);
  if (sha256 === undefined) return refuse(`there is no ${weightsFile} beside it`);
  const { size: bytes } = await stat(weights);
  return {
    ...{ name, task: 'embedding', licence, sources: [] },
    files: [{ name: weightsFile, bytes, sha256: [sha256] }],
    manifest: {
      ...manifest,
      ...(minDims !== undefined && { minDims }),
      similarity: { unrelated: 0, same: 1 },
    },
  };
}

function read(text: string, refuse: (why: string) => never): z.infer<typeof description> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse('it is not JSON');
  }
  const { data, error } = description.safeParse(json);
  return data ?? refuse(z.prettifyError(error).replaceAll(/\s*\n\s*/g, ' '));
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
