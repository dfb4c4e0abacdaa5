import type { Command } from 'commander';
import { routes, type replayAnswer } from '@millrace/contracts';
import type { z } from 'zod';
import type { Context, Run } from '../context.ts';
import { UsageError } from '../errors.ts';
import { count } from '../output/printable.ts';
import { sendCorrected } from './corrected-letters.ts';
import { tellOfKept } from './kept-letters.ts';
import { pastTime } from './option-values.ts';

interface ReplayOptions {
  readonly from?: string;
  readonly code?: string;
  readonly tenant?: string;
  readonly since?: string;
  readonly until?: string;
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

type Selection = { readonly ids: string[] } | Pick<ReplayOptions, 'code' | 'tenant' | 'since' | 'until'>;
type Answer = z.infer<typeof replayAnswer>;
type Kept = NonNullable<Answer['kept']>[number];

const examples = `
Examples:
  $ millrace replay --code parse_timeout --dry-run     what would be sent round again
  $ millrace replay --code parse_timeout --tenant acme
  $ millrace replay --since 2h                         of the last two hours
  $ millrace replay --since 2026-03-01T09:00:00Z --until 2026-03-01T12:00:00Z
  $ millrace replay 0197c6d2-3f1c-7d43-8d0e-5b6b1c2f9a10
  $ millrace replay --all

What is broken as it was sent fails again. Save it, put it right, and send that instead:
  $ millrace dlq --code invalid_event --save letters.jsonl
  $ $EDITOR letters.jsonl                              "event" of each line, as it should have been
  $ millrace replay --from letters.jsonl
  $ millrace replay --from letters.jsonl --all         and all other letters as they are`;

export function addReplay(root: Command, run: Run): void {
  root
    .command('replay')
    .description('send dead letters round again')
    .argument('[ids...]', 'their ids, as millrace dlq shows them')
    .option('--from <file>', 'those that dlq --save wrote, each with the event that is there now')
    .option('--code <code>', 'those with this reason')
    .option('--tenant <name>', 'those of this tenant')
    .option('--since <time>', 'those written since then: RFC 3339, or how long ago (90m, 2h, 7d)', pastTime)
    .option('--until <time>', 'those written before then', pastTime)
    .option('--all', 'all of them')
    .option('--dry-run', 'say what would be replayed, and do nothing')
    .addHelpText('after', examples)
    .action(
      run(async (context, ids: string[], options: ReplayOptions) => {
        const selection = selectionOf(ids, options);
        const isDryRun = options.dryRun ?? false;
        const corrected =
          options.from === undefined ? undefined : await sendCorrected(context, options.from, isDryRun);
        const others = selection && (await sendSelected(context, selection, corrected, isDryRun));
        const replayed = [...new Set([...(corrected?.replayed ?? []), ...(others?.replayed ?? [])])];
        const answer = { ...corrected, ...(others ?? corrected)!, replayed };
        context.output.result(answer, () => [...replayed, told(replayed.length, answer)].join('\n'));
        return ids.length > 0 && (answer.kept ?? []).length > 0 ? 1 : 0;
      }),
    );
}

/** Undefined: only those of the file. */
function selectionOf(ids: string[], options: ReplayOptions): Selection | undefined {
  const { all, dryRun: _, from, ...narrowed } = options;
  const isNarrowed = Object.keys(narrowed).length > 0;
  if (ids.length > 0 && (all || isNarrowed || from !== undefined))
    throw new UsageError('Ids say it all: leave the other options out.');
  if (isBackwards(options)) throw new UsageError('--since is not before --until: nothing can lie between.');
  if (ids.length > 0) return { ids };
  if (all || isNarrowed) return narrowed;
  if (from !== undefined) return undefined;
  throw new UsageError(
    'Say which: ids, --from, --code, --tenant, --since, --until, or --all. Try it with --dry-run first.',
  );
}

const isBackwards = ({ since, until }: ReplayOptions): boolean =>
  since !== undefined && until !== undefined && Date.parse(since) >= Date.parse(until);

/** A corrected letter that comes right back was written after `until`, and is not sent again with the others. */
async function sendSelected(
  { client, output }: Context,
  selection: Selection,
  corrected: Answer | undefined,
  isDryRun: boolean,
): Promise<Answer> {
  const until = corrected?.until;
  const bounded = 'ids' in selection || until === undefined ? selection : { until, ...selection };
  const replayed: string[] = [];
  const kept = new Map<string, Kept>();
  const ask = async (body: object): Promise<Answer> => {
    const answer = await client.call(routes.replay, { body: { ...body, dry_run: isDryRun } });
    replayed.push(...answer.replayed);
    for (const letter of answer.kept ?? []) kept.set(letter.id, letter);
    return answer;
  };
  try {
    let answer = await ask(bounded);
    while (answer.has_more && hasMoved(answer) && !isDryRun)
      answer = await ask({ ...selection, until: answer.until });
    for (const id of corrected?.replayed ?? []) kept.delete(id);
    return { ...answer, replayed, kept: [...kept.values()] };
  } catch (error) {
    const sent = [...(corrected?.replayed ?? []), ...replayed];
    if (!isDryRun && sent.length > 0)
      output.note([...sent, `${count(sent.length, 'dead letter')} replayed before that.`].join('\n'));
    throw error;
  } finally {
    tellOfKept(output, [...kept.values()]);
  }
}

/** Those that stay may be all that is left. */
const hasMoved = ({ replayed, kept = [] }: Answer): boolean =>
  replayed.length > 0 || kept.some(({ why }) => why === 'gone');

function told(letters: number, { dry_run: dryRun, has_more: more }: Answer): string {
  const counted = count(letters, 'dead letter');
  if (!dryRun) return `Replayed ${counted}.`;
  return more ? `${counted} and more would be replayed.` : `${counted} would be replayed.`;
}
