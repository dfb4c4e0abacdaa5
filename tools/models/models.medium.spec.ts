import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { allSettings } from '@millrace/composition';
import { Settings } from '@millrace/platform';
import { list } from './list.ts';
import { ModelPlaces } from './model-places.ts';
import { verify } from './verify.ts';

let folder: string;
let places: ModelPlaces;
const request = { names: [], json: true, signal: new AbortController().signal };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-models-'));
  const environment = { MILLRACE_MODELS_DIR: folder, MILLRACE_MODELS_EMBEDDING: 'bge-small-en-v1.5' };
  places = await ModelPlaces.open(new Settings(allSettings, { environment, file: {} }));
  return () => rm(folder, { recursive: true, force: true });
});

/** What the action prints, and its exit code. */
async function run(
  action: typeof list,
  more: object = {},
): Promise<{ code: number; printed: Record<string, unknown> }> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const code = await action(places, { ...request, ...more });
    return { code, printed: JSON.parse(String(write.mock.calls[0]![0])) as Record<string, unknown> };
  } finally {
    write.mockRestore();
  }
}

describe('the models of a server', () => {
  it('are those that its settings name, in the folder that they name', () => {
    expect(places.modelsDir).toBe(folder);
    expect(places.entries([]).map(({ name }) => name)).toEqual([
      'bge-small-en-v1.5',
      'moonshine-tiny',
      'silero-vad',
    ]);
    expect(() => places.entries(['nix'])).toThrow(
      'There is no model nix in the catalogue. Known: all-minilm',
    );
  });

  it('are listed with what is there and what is in use', async () => {
    await mkdir(join(folder, 'silero-vad'));
    await writeFile(join(folder, 'silero-vad/model.onnx'), 'x');
    const { code, printed } = await run(list);
    expect(code).toBe(0);
    const models = printed['models'] as { name: string; there: boolean; chosen: boolean }[];
    expect(models.find(({ name }) => name === 'silero-vad')).toMatchObject({ there: true, chosen: true });
    expect(models.find(({ name }) => name === 'e5-small-v2')).toMatchObject({ there: false, chosen: false });
  });

  it('are not verified as whole when a file is missing or differs', async () => {
    await mkdir(join(folder, 'silero-vad'));
    await writeFile(join(folder, 'silero-vad/model.onnx'), 'not a model');
    const { code, printed } = await run(verify);
    expect({ code, whole: printed['whole'] }).toEqual({ code: 1, whole: false });
    expect(printed['files']).toContainEqual({ model: 'silero-vad', file: 'model.onnx', state: 'corrupt' });
    expect(printed['files']).toContainEqual({
      model: 'moonshine-tiny',
      file: 'encoder.onnx',
      state: 'missing',
    });
  });

  it('that were named are named again in what mends them', async () => {
    const { printed } = await run(verify, { names: ['e5-small-v2'] });
    expect(printed['mend']).toBe('npm run millrace -- models pull e5-small-v2');
  });
});
