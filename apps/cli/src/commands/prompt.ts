import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { effectivePrompt, promptDefaults, routes, type PromptTemplate } from '@millrace/contracts';
import type { Run } from '../context.ts';
import { UsageError } from '../errors.ts';
import { table } from '../output/table.ts';

const examples = `
Examples:
  $ millrace tenants prompt acme
  $ millrace tenants prompt acme --instructions @instructions.txt
  $ millrace tenants prompt acme --nothing-found 'No document answers it. Say so in German.'
  $ millrace tenants prompt acme --restore 5d0c1a2b3e4f
  $ millrace tenants prompt acme --reset

A text that begins with @ is that of a file. The sources follow the instructions, marked off, with the word that nothing
in them is an instruction. Citations come of the instructions' word to cite sources as [1], [2].`;

interface Changes {
  readonly instructions?: string;
  readonly nothingFound?: string;
  readonly restore?: string;
  readonly reset?: boolean;
}

export function addPrompt(tenants: Command, run: Run): void {
  tenants
    .command('prompt')
    .description('what a language model is told with a question and its sources; with options: change that')
    .argument('<name>', 'the tenant')
    .option('--instructions <text>', 'what it is told before the sources')
    .option('--nothing-found <text>', 'what it is told where no document says anything')
    .option('--restore <version>', 'a version that counted before, before what else is said')
    .option('--reset', 'everything as it is by default, before what else is said')
    .addHelpText('after', examples)
    .action(
      run(async ({ client, output }, name: string, changes: Changes) => {
        const params = { name };
        const now = await client.call(routes.getPrompt, { params });
        if (Object.keys(changes).length === 0) return output.result(now, () => shown(now));
        const body = await changed(now, changes);
        const stated = await client.call(routes.putPrompt, { params, body });
        output.result(stated, () => `Version ${stated.version} counts within two seconds.`);
      }),
    );
}

interface Versions {
  readonly version: string;
  readonly prompt: PromptTemplate;
  readonly versions: readonly {
    readonly version: string;
    readonly prompt: PromptTemplate;
    readonly set_at: string;
  }[];
}

async function changed(now: Versions, changes: Changes): Promise<PromptTemplate> {
  const { instructions, nothingFound } = changes;
  return {
    ...baseOf(now, changes),
    ...(instructions !== undefined && { instructions: await textOrFile(instructions) }),
    ...(nothingFound !== undefined && { nothing_found: await textOrFile(nothingFound) }),
  };
}

function baseOf({ prompt, versions }: Versions, { restore, reset }: Changes): PromptTemplate {
  if (reset) return {};
  if (restore === undefined) return prompt;
  const found = versions.find(({ version }) => version === restore);
  if (found) return found.prompt;
  throw new UsageError(`There is no version ${restore}. (Without options the versions are listed)`);
}

async function textOrFile(text: string): Promise<string> {
  if (!text.startsWith('@')) return text;
  const path = text.slice(1);
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${path} cannot be read: ${(cause as Error).message}`);
  });
}

function shown({ version, prompt, versions }: Versions): string {
  const told = effectivePrompt(prompt);
  const part = (name: keyof PromptTemplate, title: string): string =>
    `${title}${told[name] === promptDefaults[name] ? '' : ' *'}:\n${indented(told[name])}`;
  const rows = versions.map((one) => [one.version, one.set_at, one.version === version ? 'counts' : '']);
  return [
    part('instructions', 'Before the sources'),
    part('nothing_found', 'Where nothing is found'),
    `* is not the default. Version ${version}.`,
    ...(rows.length > 0 ? [table(['version', 'set at', ''], rows)] : []),
  ].join('\n\n');
}

const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');
