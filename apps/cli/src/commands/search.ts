import { Option, type Command } from 'commander';
import { routes, searchMode, type Filter, type SearchResult } from '@millrace/contracts';
import type { Run } from '../context.ts';
import type { Output } from '../output/output.ts';
import { excerpt } from '../output/printable.ts';
import { addFilter, textOf, wholeNumber } from './option-values.ts';

interface SearchOptions {
  readonly topK: number;
  readonly mode: 'hybrid' | 'dense' | 'sparse';
  readonly filter?: Filter;
}

const examples = `
Examples:
  $ millrace search key rotation
  $ millrace search "error 0x80070057" --mode sparse         exact words
  $ millrace search "rotate keys" --filter team=ops --filter '{"year": {"gte": 2024}}'
  $ millrace search "rotate keys" --json | jq -r '.results[].document_id'`;

export function addSearch(root: Command, run: Run): void {
  root
    .command('search')
    .description('find passages by meaning and by words')
    .argument('<query...>', 'what to look for')
    .option('-k, --top-k <n>', 'how many passages', wholeNumber(1, 100), 5)
    .addOption(
      new Option('--mode <mode>', 'meaning (dense), words (sparse) or both')
        .choices(searchMode.options)
        .default('hybrid'),
    )
    .option(
      '--filter <filter>',
      'only documents with this metadata: key=value or JSON; repeatable',
      addFilter,
    )
    .addHelpText('after', examples)
    .action(
      run(async ({ client, output }, words: string[], { topK, mode, filter }: SearchOptions) => {
        const body = { query: textOf(words, 'query'), top_k: topK, mode, ...(filter && { filter }) };
        const answer = await client.call(routes.search, { body });
        output.result(answer, () => resultLines(answer.results, output));
      }),
    );
}

function resultLines(results: readonly SearchResult[], output: Output): string {
  if (results.length === 0) return 'Nothing was found.';
  return results.map((result, rank) => resultLine(result, rank + 1, output)).join('\n\n');
}

const resultLine = (result: SearchResult, rank: number, output: Output): string =>
  [
    `${output.style('bold', `${rank}. ${result.title ?? result.document_id}`)}  ${output.style('dim', result.score.toFixed(3))}`,
    `   ${output.style('cyan', place(result))}`,
    `   ${output.style('dim', excerpt(result.text, 2 * output.width))}`,
  ].join('\n');

const place = ({ document_id, page, headings }: SearchResult): string =>
  [document_id, page && `page ${page}`, headings.at(-1)].filter(Boolean).join(' · ');
