import type { Command } from 'commander';
import { routes, type deadLetterRecord, type wholeDeadLetter } from '@millrace/contracts';
import type { z } from 'zod';
import type { Context, Run } from '../context.ts';
import { ApiError } from '../errors.ts';
import { count } from '../output/printable.ts';
import { table } from '../output/table.ts';
import { writeLetters } from './correction-file.ts';
import { wholeNumber } from './option-values.ts';

type DeadLetter = z.infer<typeof deadLetterRecord>;
type WholeDeadLetter = z.infer<typeof wholeDeadLetter>;

interface DeadLetterOptions {
  readonly tenant?: string;
  readonly code?: string;
  /** Unset: a hundred, or all that there are to save. */
  readonly limit?: number;
  readonly save?: string;
}

const examples = `
Examples:
  $ millrace dlq                                 the newest hundred
  $ millrace dlq --tenant acme --json | jq '.data[].reason.code'
  $ millrace dlq --code invalid_event --save letters.jsonl
                                                 with their messages, to be put right
  $ millrace replay --help                       how to send them round again`;

export function addDeadLetters(root: Command, run: Run): void {
  root
    .command('dlq')
    .description('what could not be handled, and why')
    .option('--tenant <name>', 'only of this tenant')
    .option('--code <code>', 'only with this reason')
    .option('--limit <n>', 'how many at most (default: 100, with --save all)', wholeNumber(1, 1_000_000))
    .option('--save <file>', 'write them with their messages to a new file, for millrace replay --from')
    .addHelpText('after', examples)
    .action(
      run(
        async (
          context,
          { save, limit = save === undefined ? 100 : Infinity, ...narrowed }: DeadLetterOptions,
        ) => {
          const found = await findLetters(context, narrowed, limit);
          if (save === undefined) context.output.result(found, () => letterLines(found.data));
          else await saveAll(context, save, found.data);
          if (found.next_cursor) context.output.note(`There are more: --limit ${limit * 10}`);
        },
      ),
    );
}

const mostInPage = 1000;

/** The newest first; `next_cursor` where there are more than so many. */
async function findLetters(
  { client }: Context,
  narrowed: Pick<DeadLetterOptions, 'tenant' | 'code'>,
  atMost: number,
): Promise<{ data: DeadLetter[]; next_cursor?: string }> {
  const data: DeadLetter[] = [];
  for (let cursor: string | undefined; ;) {
    const limit = Math.min(mostInPage, atMost - data.length);
    const query = { limit, ...narrowed, ...(cursor !== undefined && { cursor }) };
    const page = await client.call(routes.listDeadLetters, { query });
    data.push(...page.data);
    cursor = page.next_cursor;
    if (cursor === undefined) return { data };
    if (data.length >= atMost) return { data, next_cursor: cursor };
  }
}

/** Those that are still there when it comes to them. */
async function saveAll(
  { client, output }: Context,
  path: string,
  letters: readonly DeadLetter[],
): Promise<void> {
  const progress = output.progress(letters.length);
  const read = async function* (): AsyncGenerator<WholeDeadLetter> {
    for (const [at, { id }] of letters.entries()) {
      const letter = await client.call(routes.deadLetter, { params: { id } }).catch(unlessGone);
      if (letter) yield letter;
      progress.update(at + 1, 'saved');
    }
  };
  const saved = await writeLetters(path, read()).finally(() => progress.end());
  output.result({ saved, file: path }, () =>
    [
      `Saved ${count(saved, 'dead letter')} to ${path}.`,
      `Put "event" right in each line, or delete the line; then: millrace replay --from ${path}`,
    ].join('\n'),
  );
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof ApiError && error.code === 'dead_letter_not_found')) throw error;
}

const letterLines = (letters: readonly DeadLetter[]): string =>
  letters.length === 0
    ? 'There are no dead letters.'
    : table(
        ['id', 'at', 'tenant', 'tries', 'about', 'origin', 'reason'],
        letters.map(({ id, at, tenant, attempts, subject, origin, reason }) => [
          id,
          at,
          tenant,
          attempts,
          subject ? `${subject.document} (version ${subject.version})` : '',
          origin,
          `${reason.code}: ${reason.message}`,
        ]),
      );
