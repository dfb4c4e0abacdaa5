import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Run } from '../context.ts';
import { CliError } from '../errors.ts';
import { addModelSwitch } from './model-switch.ts';

/** Exported by tools/models, which knows the catalogue; a client speaks HTTP only. */
interface ModelsTool {
  readonly models: (
    action: 'list' | 'pull' | 'verify',
    options: { readonly names: readonly string[]; readonly json: boolean; readonly signal: AbortSignal },
  ) => Promise<number>;
}

/** Beside this bundle. */
const tool = new URL('../../tools/models/main.js', import.meta.url);

const examples = `
The default models come without names. Files go to MILLRACE_MODELS_DIR, or models/ in the data folder.

Examples:
  $ millrace models pull                         fetch what is missing; goes on where it stopped
  $ millrace models list
  $ millrace models verify                       compare the files with their checksums`;

const actions = {
  list: 'the catalogue, and what is there',
  pull: 'fetch models, or what is missing of them',
  verify: 'compare the files on disk with their checksums',
} as const;

export function addModels(root: Command, run: Run): void {
  const models = root
    .command('models')
    .description('the model files of a server on this machine, and which embedding model serves')
    .addHelpText('after', examples);
  for (const [action, description] of Object.entries(actions))
    models
      .command(action)
      .description(description)
      .argument('[names...]', 'only these')
      .action(
        run(async ({ output, signal }, names: string[]) => {
          const { models } = await loadTool();
          return models(action as keyof typeof actions, { names, json: output.json, signal });
        }),
      );
  addModelSwitch(models, run);
}

async function loadTool(): Promise<ModelsTool> {
  if (!existsSync(fileURLToPath(tool)))
    throw new CliError('This needs a built checkout of Millrace. Run npm run build there.');
  return (await import(tool.href)) as ModelsTool;
}
