import { Option, type Command } from 'commander';
import { fusionMethod, routes, searchMode, type Filter, type SearchResult } from '@millrace/contracts';
import type { Run } from '../context.ts';
import { explanationLines } from '../output/explanation.ts';
import type { Output } from '../output/output.ts';
import { excerpt } from '../output/printable.ts';
import { addFilter, between, textOf, weights, wholeNumber } from './option-values.ts';

interface SearchOptions {
  readonly topK: number;
  readonly mode: 'hybrid' | 'dense' | 'sparse';
  readonly fusion?: 'dbsf' | 'rrf';
  readonly weights?: { readonly dense: number; readonly sparse: number };
  readonly diversity?: number;
  readonly feedback?: true;
  readonly rerank?: true;
  readonly neighbours?: number;
  readonly explain?: true;
  readonly filter?: Filter;
}

const examples = `
Examples:
  $ millrace search key rotation
  $ millrace search "error 0x80070057" --mode sparse         exact words
  $ millrace search "rotate keys" --filter team=ops --filter '{"year": {"gte": 2024}}'
  $ millrace search "rotate keys" --weights 2:1 --explain    meaning counts twice; how each score came about
  $ millrace search "rotate keys" --diversity 0.3 --neighbours 1   less of the same, more of the text around it
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
    .addOption(
      new Option(
        '--fusion <method>',
        'how meaning and words are fused: by scores (dbsf) or by ranks (rrf)',
      ).choices(fusionMethod.options),
    )
    .option(
      '--weights <meaning:words>',
      'how much each counts where both do, 0 to 100: 2:1 (default: 1:1)',
      weights,
    )
    .option('--diversity <n>', 'from 0, the order of scores, to 1, as little alike as can be', between(0, 1))
    .option('--feedback', 'search twice, the second time for what is like the first results as well')
    .option('--rerank', 'in the order of the reranker that is set up on the server')
    .option('--neighbours <n>', 'take in so much text around each, in chunks', wholeNumber(0, 5))
    .option('--explain', 'say how each score came about')
    .option(
      '--filter <filter>',
      'only documents with this metadata: key=value or JSON; repeatable',
      addFilter,
    )
    .addHelpText('after', examples)
    .action(
      run(async ({ client, output }, words: string[], options: SearchOptions) => {
        const { topK: top_k, diversity, ...rest } = options;
        const mmr = diversity === undefined ? {} : { mmr: { diversity } };
        const body = { query: textOf(words, 'query'), top_k, ...mmr, ...rest };
        const answer = await client.call(routes.search, { body });
        // What stands around a passage is shown whole: it begins before what was found.
        const length = options.neighbours ? Infinity : 2 * output.width;
        output.result(answer, () => resultLines(answer.results, output, length));
        if (answer.rerank && answer.rerank.outcome !== 'done')
          output.note(`The reranker was not heard (${answer.rerank.outcome}): this is the order of scores.`);
      }),
    );
}

function resultLines(results: readonly SearchResult[], output: Output, length: number): string {
  if (results.length === 0) return 'Nothing was found.';
  return results.map((result, rank) => resultLine(result, rank + 1, output, length)).join('\n\n');
}

const resultLine = (result: SearchResult, rank: number, output: Output, length: number): string =>
  [
    `${output.style('bold', `${rank}. ${result.title ?? result.document_id}`)}  ${output.style('dim', result.score.toFixed(3))}`,
    `   ${output.style('cyan', place(result))}`,
    `   ${output.style('dim', excerpt(result.text, length))}`,
    ...(result.explanation ? explanationLines(result.explanation).map((line) => `   ${line}`) : []),
  ].join('\n');

const place = ({ document_id, page, headings }: SearchResult): string =>
  [document_id, page && `page ${page}`, headings.at(-1)].filter(Boolean).join(' · ');
