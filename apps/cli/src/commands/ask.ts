import type { Command } from 'commander';
import { routes, type Citation, type Filter } from '@millrace/contracts';
import { Asked, type Answer } from '../ask/answer.ts';
import type { Context, Run } from '../context.ts';
import { isAbort } from '../errors.ts';
import type { Output } from '../output/output.ts';
import { excerpt } from '../output/printable.ts';
import { addFilter, textOf, wholeNumber } from './option-values.ts';

interface AskOptions {
  readonly retrieval: boolean;
  readonly model?: string;
  readonly topK?: number;
  readonly filter?: Filter;
}

const examples = `
Examples:
  $ millrace ask "How do I rotate the keys?"
  $ millrace ask "What changed in March?" --filter team=ops --top-k 12
  $ millrace ask "Write a haiku about mills" --no-retrieval
  $ millrace ask "Who built the mill?" --json | jq -r .answer`;

export function addAsk(root: Command, run: Run): void {
  root
    .command('ask')
    .description('ask a question; the answer comes from the documents, with its sources')
    .argument('<question...>', 'the question')
    .option('--no-retrieval', 'ask the language model alone, without the documents')
    .option('--model <name>', 'the model that answers')
    .option('-k, --top-k <n>', 'how many passages to answer from', wholeNumber(1, 50))
    .option(
      '--filter <filter>',
      'only documents with this metadata: key=value or JSON; repeatable',
      addFilter,
    )
    .addHelpText('after', examples)
    .action(
      run((context, words: string[], options: AskOptions) =>
        ask(context, textOf(words, 'question'), options),
      ),
    );
}

async function ask(
  { client, output }: Context,
  question: string,
  { retrieval, model, topK, filter }: AskOptions,
): Promise<void> {
  const narrowed = { ...(topK && { top_k: topK }), ...(filter && { filter }) };
  const frames = client.frames(routes.chatCompletions, {
    body: {
      messages: [{ role: 'user', content: question }],
      stream: true,
      stream_options: { include_usage: true },
      ...(model && { model }),
      millrace: { retrieval: retrieval && narrowed },
    },
  });
  const asked = new Asked();
  try {
    for await (const frame of frames) output.piece(asked.add(frame));
  } catch (error) {
    // What came so far stands on a line of its own.
    if (asked.answer.answer && !isAbort(error)) output.piece('\n');
    throw error;
  }
  say(output, asked.answer);
}

function say(output: Output, answer: Answer): void {
  if (output.json) return output.result(answer, () => '');
  output.piece('\n');
  const remark = remarkOn(answer);
  if (remark) output.piece(`\n${output.style('yellow', remark)}\n`);
  if (answer.sources.length > 0) output.result(undefined, () => `\n${sourceLines(answer.sources, output)}`);
}

function remarkOn({ finish_reason, generator }: Answer): string | undefined {
  if (finish_reason === 'length') return 'The answer was cut at the length limit.';
  if (finish_reason === 'content_filter') return 'The moderation policy stopped the answer.';
  return generator === 'extractive'
    ? 'These are extracts from the documents: no language model is set (MILLRACE_LLM_BASE_URL).'
    : undefined;
}

const sourceLines = (sources: readonly Citation[], output: Output): string =>
  [output.style('bold', 'Sources'), ...sources.map((source) => sourceLine(source, output))].join('\n');

function sourceLine(
  { index, url_citation: { title }, document_id: id, text }: Citation,
  output: Output,
): string {
  const name = [output.style('bold', title), ...(title === id ? [] : [output.style('cyan', id)])].join('  ');
  return `[${index}] ${name}\n    ${output.style('dim', excerpt(text, 2 * output.width))}`;
}
