import type { Command } from 'commander';
import { routes, type deadLetterRecord } from '@millrace/contracts';
import type { z } from 'zod';
import type { Context, Run } from '../context.ts';
import { count } from '../output/printable.ts';
import { table } from '../output/table.ts';
import { writeLetters } from './correction-file.ts';
import { wholeNumber } from './option-values.ts';

type DeadLetter = z.infer<typeof deadLetterRecord>;

interface DeadLetterOptions {
  readonly tenant?: string;
  readonly code?: string;
  readonly limit: number;
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
    .option('--limit <n>', 'how many at most', wholeNumber(1, 1000), 100)
    .option('--save <file>', 'write them with their messages to a new file, for millrace replay --from')
    .addHelpText('after', examples)
    .action(
      run(async (context, { save, limit, ...narrowed }: DeadLetterOptions) => {
        const { client, output } = context;
        const answer = await client.call(routes.listDeadLetters, { query: { limit, ...narrowed } });
        if (save === undefined) output.result(answer, () => letterLines(answer.data));
        else await saveAll(context, save, answer.data);
        if (answer.next_cursor) output.note(`There are more: --limit ${Math.min(limit * 10, 1000)}`);
      }),
    );
}

/** Those that were still there. */
async function saveAll(
  { client, output }: Context,
  path: string,
  letters: readonly DeadLetter[],
): Promise<void> {
  const whole = [];
  const progress = output.progress(letters.length);
  for (const { id } of letters) {
    whole.push(await client.call(routes.deadLetter, { params: { id } }));
    progress.update(whole.length, 'read');
  }
  progress.end();
  await writeLetters(path, whole);
  output.result({ saved: whole.length, file: path }, () =>
    [
      `Saved ${count(whole.length, 'dead letter')} to ${path}.`,
      `Put "event" right in each line, or delete the line; then: millrace replay --from ${path}`,
    ].join('\n'),
  );
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
