import type { Command } from 'commander';
import { routes, type deadLetterRecord } from '@millrace/contracts';
import type { z } from 'zod';
import type { Run } from '../context.ts';
import { table } from '../output/table.ts';
import { wholeNumber } from './option-values.ts';

type DeadLetter = z.infer<typeof deadLetterRecord>;

const examples = `
Examples:
  $ millrace dlq                                 the newest hundred
  $ millrace dlq --tenant acme --json | jq '.data[].reason.code'
  $ millrace replay --help                       how to send them round again`;

export function addDeadLetters(root: Command, run: Run): void {
  root
    .command('dlq')
    .description('what could not be handled, and why')
    .option('--tenant <name>', 'only of this tenant')
    .option('--limit <n>', 'how many at most', wholeNumber(1, 1000), 100)
    .addHelpText('after', examples)
    .action(
      run(async ({ client, output }, { tenant, limit }: { tenant?: string; limit: number }) => {
        const answer = await client.call(routes.listDeadLetters, {
          query: { limit, ...(tenant && { tenant }) },
        });
        output.result(answer, () => letterLines(answer.data));
        if (answer.next_cursor) output.note(`There are more: --limit ${Math.min(limit * 10, 1000)}`);
      }),
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
