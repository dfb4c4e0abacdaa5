import type { Command } from 'commander';
import { routes, type replayAnswer } from '@millrace/contracts';
import type { z } from 'zod';
import type { Run } from '../context.ts';
import { UsageError } from '../errors.ts';
import { count } from '../output/printable.ts';
import { pastTime } from './option-values.ts';

interface ReplayOptions {
  readonly code?: string;
  readonly tenant?: string;
  readonly since?: string;
  readonly until?: string;
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

const examples = `
Examples:
  $ millrace replay --code parse_timeout --dry-run     what would be sent round again
  $ millrace replay --code parse_timeout --tenant acme
  $ millrace replay --since 2h                         of the last two hours
  $ millrace replay --since 2026-03-01T09:00:00Z --until 2026-03-01T12:00:00Z
  $ millrace replay 0197c6d2-3f1c-7d43-8d0e-5b6b1c2f9a10
  $ millrace replay --all`;

export function addReplay(root: Command, run: Run): void {
  root
    .command('replay')
    .description('send dead letters round again')
    .argument('[ids...]', 'their ids, as millrace dlq shows them')
    .option('--code <code>', 'those with this reason')
    .option('--tenant <name>', 'those of this tenant')
    .option('--since <time>', 'those written since then: RFC 3339, or how long ago (90m, 2h, 7d)', pastTime)
    .option('--until <time>', 'those written before then', pastTime)
    .option('--all', 'all of them')
    .option('--dry-run', 'say what would be replayed, and do nothing')
    .addHelpText('after', examples)
    .action(
      run(async ({ client, output }, ids: string[], options: ReplayOptions) => {
        const { all, dryRun = false, ...narrowed } = options;
        if (ids.length > 0 && (all || Object.keys(narrowed).length > 0))
          throw new UsageError('Ids say it all: leave the other options out.');
        if (ids.length === 0 && !all && Object.keys(narrowed).length === 0)
          throw new UsageError(
            'Say which: ids, --code, --tenant, --since, --until, or --all. Try it with --dry-run first.',
          );
        if (isBackwards(options))
          throw new UsageError('--since is not before --until: nothing can lie between.');
        const selection = ids.length > 0 ? { ids } : narrowed;
        let answer = await client.call(routes.replay, { body: { ...selection, dry_run: dryRun } });
        const replayed = [...answer.replayed];
        while (answer.has_more && !dryRun) {
          answer = await client.call(routes.replay, { body: { ...selection, until: answer.until } });
          replayed.push(...answer.replayed);
        }
        output.result({ ...answer, replayed }, () => [...replayed, told(replayed.length, answer)].join('\n'));
      }),
    );
}

const isBackwards = ({ since, until }: ReplayOptions): boolean =>
  since !== undefined && until !== undefined && Date.parse(since) >= Date.parse(until);

function told(letters: number, { dry_run: dryRun, has_more: more }: z.infer<typeof replayAnswer>): string {
  const counted = count(letters, 'dead letter');
  if (!dryRun) return `Replayed ${counted}.`;
  return more ? `${counted} and more would be replayed.` : `${counted} would be replayed.`;
}
