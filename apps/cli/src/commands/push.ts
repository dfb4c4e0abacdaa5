import { InvalidArgumentError, type Command } from 'commander';
import { accessList, metadata as metadataSchema, type Metadata } from '@millrace/contracts';
import type { Context, ExitCode, Run } from '../context.ts';
import { CliError, isAbort } from '../errors.ts';
import { findFiles, type FoundFile, type UnreadableFolder } from '../push/find-files.ts';
import { pushFiles, type Outcome } from '../push/push-files.ts';
import { summaryLines, Tally } from '../push/tally.ts';
import type { Output } from '../output/output.ts';
import { count } from '../output/printable.ts';
import { addPair, collect, wholeNumber } from './option-values.ts';

interface PushOptions {
  readonly prefix: string;
  readonly acl?: string[];
  readonly metadata?: Metadata;
  /** Unset: on a terminal. */
  readonly wait?: boolean;
  readonly concurrency: number;
  readonly hidden: boolean;
}

const examples = `
A file's id is its path from the folder you are in; of a file elsewhere, from the folder above the PATH given. Pushing
again sends what is there now: what has not changed keeps its version.

Examples:
  $ millrace push docs/                                    a folder with all below it
  $ millrace push report.pdf notes.md --prefix 2026/       as 2026/report.pdf and 2026/notes.md
  $ millrace push hr/ --acl group:hr --metadata team=hr    only the group hr finds them
  $ millrace push docs/ --wait --json > result.json        exit code 1 when a document was dead-lettered`;

export function addPush(root: Command, run: Run): void {
  root
    .command('push')
    .description('send files and folders, and follow them until they are searchable')
    .argument('<paths...>', 'files and folders')
    .option('--prefix <text>', 'put this before every id', '')
    .option(
      '--acl <entry>',
      'who may find them: user:NAME or group:NAME; repeatable (default: all)',
      addEntry,
    )
    .option('--metadata <key=value>', 'for filters in search; repeatable', addMetadata)
    .option('--wait', 'follow each to its final state (default: on a terminal)')
    .option('--no-wait', 'end when the server has accepted them')
    .option('--concurrency <n>', 'files sent at a time', wholeNumber(1, 32), 4)
    .option('--hidden', 'files and folders whose name begins with a dot too', false)
    .addHelpText('after', examples)
    .action(run(push));
}

const addEntry = (entry: string, before?: string[]): string[] => {
  if (!accessList.safeParse([entry]).success)
    throw new InvalidArgumentError('Write it as user:NAME or group:NAME.');
  return collect(entry, before);
};

const addMetadata = (pair: string, before?: Metadata): Metadata => {
  const { data, error } = metadataSchema.safeParse(addPair(pair, before));
  if (error) throw new InvalidArgumentError('A key has up to 64 letters, digits and . _ - in it.');
  return data;
};

async function push(context: Context, paths: string[], options: PushOptions): Promise<ExitCode> {
  const { client, output, cwd, signal } = context;
  const { prefix, hidden } = options;
  const { files, leftOut, unreadable } = await findFiles(paths, { cwd, prefix, hidden });
  if (leftOut > 0)
    output.note(
      `Left out ${count(leftOut, 'entry', 'entries')}: pipes, sockets, links out of the folder, to another folder or to nothing. Push what is meant by its own path.`,
    );
  if (files.length + unreadable.length === 0)
    throw new CliError('There are no files there. Hidden ones are taken with --hidden.');
  showChangedIds(files, output);
  const { acl, metadata, concurrency } = options;
  const wait = options.wait ?? output.interactive;
  const fields = { ...(acl && { acl }), ...(metadata && { metadata }) };
  const started = Date.now();
  const tally = await watched(output, files.length, wait, (onChange) =>
    pushFiles(client, files, { ...fields, wait, concurrency, signal, onChange }),
  );
  for (const folder of unreadable) tally.set(refusalOf(folder));
  const seconds = (Date.now() - started) / 1000;
  output.result({ wait, ...jsonOf(tally, files.length) }, () => summaryLines(tally, files.length, seconds));
  return tally.failed.length === 0 ? 0 : 1;
}

const refusalOf = ({ path, name, why }: UnreadableFolder): Outcome => ({
  id: `${name}/`,
  path,
  state: 'refused',
  reason: { code: 'unreadable_folder', message: why },
});

/** Counts and shows what the work reports; says how far it came should it fail. */
async function watched(
  output: Output,
  files: number,
  wait: boolean,
  work: (onChange: (outcome: Outcome) => void) => Promise<void>,
): Promise<Tally> {
  const tally = new Tally();
  const progress = output.progress(files);
  try {
    await work((outcome) => {
      tally.set(outcome);
      progress.update(wait ? tally.settled : tally.sent, tally.text);
    });
  } catch (error) {
    progress.end();
    sayWhereItStopped(tally, files, output, error);
    throw error;
  }
  progress.end();
  return tally;
}

const mostShown = 20;

/** What cannot be an id as it is has another one: the reader must be able to find the document again. */
function showChangedIds(files: readonly FoundFile[], output: Output): void {
  const changed = files.filter(({ id, name }) => id !== name.normalize('NFC'));
  if (changed.length === 0) return;
  output.note('These names cannot be ids as they are:');
  for (const { id, name } of changed.slice(0, mostShown)) output.note(`  ${name} -> ${id}`);
  if (changed.length > mostShown) output.note(`  and ${changed.length - mostShown} more`);
}

function sayWhereItStopped(tally: Tally, files: number, output: Output, error: unknown): void {
  const how = isAbort(error) ? 'Stopped' : 'Given up';
  output.note(`${how}: ${tally.sent} of ${files} files were sent (${tally.text}).`);
  if (tally.count('accepted') > 0)
    output.note('What was accepted goes on by itself: millrace status. Push again for the rest.');
}

const jsonOf = (tally: Tally, files: number) => ({
  files,
  indexed: tally.count('indexed'),
  unchanged: tally.count('unchanged'),
  accepted: tally.count('accepted'),
  dead_lettered: tally.count('dead-lettered'),
  refused: tally.count('refused'),
  documents: tally.all,
});
