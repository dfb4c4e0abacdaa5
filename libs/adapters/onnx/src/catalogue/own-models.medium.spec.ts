import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ownModels } from './own-models.ts';
import { requireModel } from './verify.ts';

const described = { tokenizer: 'bert-uncased', dims: 768, pooling: 'cls', precision: 'fp32' };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-own-models-'));
  return () => rm(folder, { recursive: true, force: true });
});

async function put(name: string, description: unknown, weights = 'weights'): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  const text = typeof description === 'string' ? description : JSON.stringify(description);
  await writeFile(join(folder, name, 'model.json'), text);
  await writeFile(join(folder, name, 'model.onnx'), weights);
}

describe('models of the operator’s own', () => {
  it('are the folders with a description, and have defaults for what most models share', async () => {
    await mkdir(join(folder, 'all-minilm-l6-v2'));
    await put('ours', described);
    await put('theirs-v1.5', { ...described, prefixes: { query: 'ask: ', passage: '' }, maxTokens: 256 });
    expect(await ownModels(folder)).toMatchObject([
      {
        name: 'ours',
        task: 'embedding',
        licence: 'not stated',
        files: [{ name: 'model.onnx', bytes: 7 }],
        manifest: {
          dims: 768,
          pooling: 'cls',
          normalise: true,
          prefixes: { query: '', passage: '' },
          maxTokens: 512,
        },
      },
      { name: 'theirs-v1.5', manifest: { prefixes: { query: 'ask: ', passage: '' }, maxTokens: 256 } },
    ]);
  });

  it('are none where there is no folder yet', async () => {
    expect(await ownModels(join(folder, 'not-there'))).toEqual([]);
  });

  it('are refused when their file is another than at the start', async () => {
    await put('ours', described);
    const [ours] = await ownModels(folder);
    await requireModel(ours!, join(folder, 'ours'));
    await put('ours', described, 'other weights');
    await expect(requireModel(ours!, join(folder, 'ours'))).rejects.toMatchObject({
      code: 'models_missing',
    });
  });

  it.each([
    ['ours', '{', 'it is not JSON'],
    ['ours', { ...described, dims: 'many' }, 'dims'],
    ['ours', { ...described, tokenizer: 'sentencepiece' }, 'tokenizer'],
    ['ours', { ...described, prefix: 'query: ' }, 'prefix'],
    ['Ours', described, 'lower case'],
    ['e5-small-v2', described, 'the catalogue has a model of that name'],
  ])('say what is wrong: %s %j', async (name, description, complaint) => {
    await put(name, description);
    const error: unknown = await ownModels(folder).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'model_description_invalid' });
    expect(String(error)).toContain(complaint);
    expect(String(error)).toContain(join(folder, name, 'model.json'));
  });

  it('say that the description cannot be read', async () => {
    await mkdir(join(folder, 'ours', 'model.json'), { recursive: true });
    await expect(ownModels(folder)).rejects.toMatchObject({ code: 'model_description_invalid' });
  });

  it('say that the weights are not there', async () => {
    await mkdir(join(folder, 'ours'));
    await writeFile(join(folder, 'ours', 'model.json'), JSON.stringify(described));
    await expect(ownModels(folder)).rejects.toThrow('there is no model.onnx beside it');
  });
});
