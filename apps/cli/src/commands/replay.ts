import type { Command } from 'commander';
import { routes } from '@millrace/contracts';
import type { Run } from '../context.ts';
import { CliError } from '../errors.ts';
import { count } from '../output/printable.ts';

interface ReplayOptions {
  readonly code?: string;
  readonly tenant?: string;
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

const examples = `
Examples:
  $ millrace replay --code parse_timeout --dry-run     what would be sent round again
  $ millrace replay --code parse_timeout --tenant acme
  $ millrace replay 0197c6d2-3f1c-7d43-8d0e-5b6b1c2f9a10
  $ millrace replay --all`;

export function addReplay(root: Command, run: Run): void {
  root
    .command('replay')
    .description('send dead letters round again')
    .argument('[ids...]', 'their ids, as millrace dlq shows them')
    .option('--code <code>', 'those with this reason')
    .option('--tenant <name>', 'those of this tenant')
    .option('--all', 'all of them')
    .option('--dry-run', 'say what would be replayed, and do nothing')
    .addHelpText('after', examples)
    .action(
      run(async ({ client, output }, ids: string[], { code, tenant, all, dryRun = false }: ReplayOptions) => {
        if (ids.length === 0 && !code && !tenant && !all)
          throw new CliError('Say which: ids, --code, --tenant, or --all. Try it with --dry-run first.');
        const selection = {
          ...(ids.length > 0 && { ids }),
          ...(code && { code }),
          ...(tenant && { tenant }),
        };
        const answer = await client.call(routes.replay, { body: { ...selection, dry_run: dryRun } });
        const letters = count(answer.replayed.length, 'dead letter');
        output.result(answer, () =>
          [...answer.replayed, dryRun ? `${letters} would be replayed.` : `Replayed ${letters}.`].join('\n'),
        );
      }),
    );
}
