import { makeFolder } from '@millrace/adapters/filesystem';
import { ModelFetcher, verifyModel, type CatalogueEntry, type PullProgress } from '@millrace/adapters/onnx';
import { step } from '../toolchain/progress.mjs';
import { Stop } from '../toolchain/stop.mjs';
import type { ModelPlaces } from './model-places.ts';
import type { ModelsRequest } from './models-request.ts';
import { megabytes, print, sizeOf } from './report.ts';

/** Fetches what is missing. Says nothing but one line when all is there, so that every start can ask for it. */
export async function pull(places: ModelPlaces, { names, json, signal }: ModelsRequest): Promise<number> {
  const { modelsDir: dir } = places;
  const entries = places.entries(names);
  await makeModelsFolder(dir);
  const pulled = [];
  for (const entry of entries) {
    const { missing, corrupt } = await verifyModel(entry, places.dirOf(entry));
    if (missing.length + corrupt.length > 0) pulled.push(await fetchModel(entry, places, { json, signal }));
  }
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  print(json, { dir, models: entries.map(({ name }) => name), pulled }, [
    `✓ The models are there: ${entries.map(({ name }) => name).join(', ')} (${megabytes(bytes)})`,
  ]);
  return 0;
}

async function makeModelsFolder(folder: string): Promise<void> {
  await makeFolder(folder).catch(({ code }: NodeJS.ErrnoException) => {
    throw new Stop(
      `${folder} cannot be a folder for models (${code}). Choose another with MILLRACE_DATA_DIR or MILLRACE_MODELS_DIR.`,
    );
  });
}

async function fetchModel(
  entry: CatalogueEntry,
  { modelsDir, hubUrl }: ModelPlaces,
  { json, signal }: Pick<ModelsRequest, 'json' | 'signal'>,
): Promise<{ name: string; sources: readonly string[] }> {
  const out = json ? process.stderr : process.stdout;
  const progress = step(`Fetching the model ${entry.name}`, out);
  const fetcher = new ModelFetcher({
    modelsDir,
    hubUrl,
    onProgress: (at) => progress.update(progressText(at)),
    onNote: (line) => progress.update(line),
  });
  try {
    const { sources } = await fetcher.pull(entry, signal);
    progress.done(`Model ${entry.name} (${megabytes(sizeOf(entry))}) from ${sources.join(', ')}`);
    return { name: entry.name, sources };
  } catch (error) {
    progress.failed(`The model ${entry.name} could not be fetched`);
    throw error;
  }
}

const progressText = ({ file, source, bytes, total }: PullProgress): string =>
  bytes === 0
    ? `${file} (${megabytes(total)}) from ${source}`
    : `${file}, ${megabytes(bytes)} of ${megabytes(total)} from ${source}`;
