import { Option, type Command } from 'commander';
import { documentState, routes, type DocumentState, type DocumentStatus } from '@millrace/contracts';
import type { Context, Run } from '../context.ts';
import { ApiError, CliError } from '../errors.ts';
import { listDocuments, type ListedDocument } from '../http/list-documents.ts';
import type { Output } from '../output/output.ts';
import { count } from '../output/printable.ts';
import { table } from '../output/table.ts';

const examples = `
Examples:
  $ millrace status                              documents by state, and what waits where
  $ millrace status docs/handbook.pdf            one document with its history
  $ millrace status --state dead-lettered        which failed, and why`;

export function addStatus(root: Command, run: Run): void {
  root
    .command('status')
    .description('where a document is, or all of them')
    .argument('[id]', 'the document')
    .addOption(
      new Option('--state <state>', 'list the documents in this state').choices(documentState.options),
    )
    .addHelpText('after', examples)
    .action(
      run(async (context, id: string | undefined, { state }: { state?: DocumentState }) => {
        await explained(() => {
          if (id !== undefined) return showOne(context, id);
          return state ? showState(context, state) : showTotals(context);
        });
      }),
    );
}

/** What a key for reading may not do, before what the server says. */
async function explained(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isForbidden(error)) throw error;
    throw new CliError(`To see where documents are, a key needs the right write. ${error.message}`);
  }
}

const isForbidden = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.code === 'forbidden';

async function showOne({ client, output }: Context, id: string): Promise<void> {
  const status = await client.call(routes.getDocument, { params: { id } });
  output.result(status, () => describe(status, output));
}

function describe(status: DocumentStatus, output: Output): string {
  const { id, title, version, live_version, chunks, state, reason, history } = status;
  const live =
    live_version === undefined || live_version === version ? '' : `, version ${live_version} is searchable`;
  return [
    output.style('bold', title ? `${id}  ${title}` : id),
    `version ${version}${live}, ${count(chunks, 'chunk')}, ${colouredState(state, output)}`,
    ...(reason ? [`${reason.code}: ${reason.message}`] : []),
    '',
    table(
      ['at', 'version', 'state'],
      history.map(({ at, version, state }) => [at, version, state]),
    ),
  ].join('\n');
}

const colours = { indexed: 'green', 'dead-lettered': 'red' } as const;
const colouredState = (state: DocumentState, output: Output): string =>
  state in colours ? output.style(colours[state as keyof typeof colours], state) : state;

async function showState({ client, output }: Context, state: DocumentState): Promise<void> {
  const documents: ListedDocument[] = [];
  for await (const document of listDocuments(client, state)) documents.push(document);
  output.result({ documents }, () =>
    documents.length === 0
      ? `No document is ${state}.`
      : table(
          ['id', 'version', 'chunks', 'reason'],
          documents.map(({ id, version, chunks, reason }) => [
            id,
            version,
            chunks,
            reason ? `${reason.code}: ${reason.message}` : '',
          ]),
        ),
  );
}

async function showTotals(context: Context): Promise<void> {
  const { client, output } = context;
  try {
    const depths = await client.call(routes.queues);
    output.result(depths, () =>
      [totals(depths.documents), queueLines(depths.queues), groupLines(depths.groups)]
        .filter(Boolean)
        .join('\n\n'),
    );
  } catch (error) {
    // Without the right `admin` a tenant still sees its own documents.
    if (!isForbidden(error)) throw error;
    const documents = await countStates(context);
    output.result({ documents }, () => totals(documents));
  }
}

async function countStates({ client }: Context): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for await (const { state } of listDocuments(client)) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

function totals(documents: Readonly<Record<string, number>>): string {
  const some = Object.entries(documents).filter(([, n]) => n > 0);
  return some.length === 0
    ? 'There are no documents yet. Push some: millrace push FOLDER'
    : table(
        ['documents', 'state'],
        some.map(([state, n]) => [n, state]),
      );
}

interface Queue {
  readonly queue: string;
  readonly runnable: number;
  readonly inflight: number;
  readonly delayed: number;
  readonly oldest_age_ms: number;
}

const queueLines = (queues: readonly Queue[]): string =>
  queues.length === 0
    ? ''
    : table(
        ['waiting', 'running', 'delayed', 'oldest', 'queue'],
        queues.map(({ queue, runnable, inflight, delayed, oldest_age_ms }) => [
          runnable,
          inflight,
          delayed,
          `${(oldest_age_ms / 1000).toFixed(1)} s`,
          queue,
        ]),
      );

const groupLines = (groups: readonly { group: string; topic: string; lag: number }[]): string =>
  groups.length === 0
    ? ''
    : table(
        ['behind', 'group', 'topic'],
        groups.map(({ group, topic, lag }) => [lag, group, topic]),
      );
