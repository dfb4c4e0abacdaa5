import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../toolchain/root.mjs';
import { loadExamples } from './examples.mjs';

/** The server that the command line asks by itself. */
const defaultUrl = 'http://127.0.0.1:8080';

/** Answered by the example corpus. */
const question = 'How do I erase a document, and how do I know that it is gone?';

/**
 * What a person sees once the server is ready; on the first start in a data folder the example corpus is loaded before.
 * @param {{ url: string, dataDir: string }} ready
 */
export async function welcome({ url, dataDir }) {
  const examples = await firstExamples(url, dataDir).catch(
    (error) => `The example documents could not be loaded: ${error.message}`,
  );
  const server = url === defaultUrl ? '' : `--url ${url} `;
  const open = { console: await serves(`${url}/`), chat: await serves(`${url}/v1/models`) };
  console.log(
    [
      '',
      `  Millrace is ready: ${url}/${open.console ? ' (console)' : 'openapi.json lists its routes'}`,
      examples && `  ${examples}`,
      `  Try: npm run millrace -- ${server}${open.chat ? 'ask' : 'search'} "${question}"`,
      '  Ctrl-C stops it.',
      '',
    ]
      .filter((line) => line !== undefined)
      .join('\n'),
  );
}

/** Whether there is something at an address; that it asks for a key counts. */
const serves = async (address) =>
  fetch(address).then(
    ({ status }) => status !== 404,
    () => false,
  );

/** The marker keeps a second start quick, and a deleted example deleted. */
async function firstExamples(url, dataDir) {
  const marker = join(dataDir, 'examples-loaded');
  if (existsSync(marker)) return undefined;
  const { indexed, total } = await loadExamples(url, join(root, 'apps/standalone/corpus'));
  await writeFile(marker, `${new Date().toISOString()}\n`);
  return `${indexed} of ${total} example documents about Millrace itself are searchable.`;
}
