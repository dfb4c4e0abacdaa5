import { verifyModel } from '@millrace/adapters/onnx';
import type { ModelPlaces } from './model-places.ts';
import type { ModelsRequest } from './models-request.ts';
import { print } from './report.ts';

/** Compares every file with its checksum; 1 when one is missing or differs. */
export async function verify(places: ModelPlaces, { names, json }: ModelsRequest): Promise<number> {
  const files = [];
  for (const entry of places.entries(names)) {
    const { good, missing, corrupt } = await verifyModel(entry, places.dirOf(entry));
    const state = (state: string) => (file: string) => ({ model: entry.name, file, state });
    files.push(
      ...[...good.keys()].map(state('good')),
      ...missing.map(({ name }) => state('missing')(name)),
      ...corrupt.map(({ name }) => state('corrupt')(name)),
    );
  }
  const whole = files.every(({ state }) => state === 'good');
  const mend = ['npm run millrace -- models pull', ...names].join(' ');
  print(json, { dir: places.modelsDir, whole, files, ...(!whole && { mend }) }, [
    ...files.map(({ model, file, state }) => `${state.padEnd(7)}  ${model}/${file}`),
    whole ? 'Every file is as it should be.' : `Mend it with: ${mend}`,
  ]);
  return whole ? 0 : 1;
}
