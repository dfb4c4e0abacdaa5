import type { Command } from 'commander';
import { routes, type ErasureReceipt, type FailureReason } from '@millrace/contracts';
import type { Context, ExitCode, Run } from '../context.ts';
import { ApiError } from '../errors.ts';
import { follow } from '../http/follow.ts';
import type { Output } from '../output/output.ts';
import { table } from '../output/table.ts';

const examples = `
Examples:
  $ millrace erase docs/old.pdf                  and its receipt: what was removed, and where
  $ millrace rm docs/a.md docs/b.md --no-wait    ask for it, and do not wait
  $ millrace erase docs/old.pdf --json > receipt.json`;

export function addErase(root: Command, run: Run): void {
  root
    .command('erase')
    .alias('rm')
    .description('erase documents everywhere, and print the receipts')
    .argument('<ids...>', 'the documents')
    .option('--no-wait', 'do not wait for the receipts')
    .addHelpText('after', examples)
    .action(
      run((context, ids: string[], { wait }: { wait: boolean }) =>
        wait ? eraseAndWait(context, ids) : askToErase(context, ids),
      ),
    );
}

interface Failed {
  readonly id: string;
  readonly reason: FailureReason;
}

interface Erasures<T> {
  readonly done: readonly T[];
  readonly failed: readonly Failed[];
  /** What ended it before the last id: it would have met every id. */
  readonly stopped?: Error;
}

async function askToErase({ client, output }: Context, ids: readonly string[]): Promise<ExitCode> {
  const erasures = await eachOf(ids, (id) => client.call(routes.deleteDocument, { params: { id } }));
  const { done: accepted, failed } = erasures;
  output.result({ accepted, failed }, () =>
    accepted
      .map(({ id }) => `${id}: the erasure was accepted. millrace status shows when it is done.`)
      .join('\n'),
  );
  return exitCodeOf(erasures, output);
}

async function eraseAndWait({ client, output, signal }: Context, ids: readonly string[]): Promise<ExitCode> {
  const erasures = await eachOf<ErasureReceipt>(ids, async (id) => {
    const accepted = await client.call(routes.deleteDocument, { params: { id } });
    const { state, reason } = await follow(client, accepted, 'deleted', signal);
    if (state === 'deleted') return client.call(routes.getReceipt, { params: { id } });
    return { id, reason: reason ?? { code: state, message: `It is ${state}, not erased.` } };
  });
  const { done: receipts, failed } = erasures;
  output.result({ receipts, failed }, () =>
    receipts.map((receipt) => receiptLines(receipt, output)).join('\n\n'),
  );
  return exitCodeOf(erasures, output);
}

/** These concern the one document; any other refusal would meet every id. */
const aboutTheDocument = new Set([400, 404, 409, 422, 500]);

/** One after the other, past those that fail. */
async function eachOf<T extends object>(
  ids: readonly string[],
  work: (id: string) => Promise<T | Failed>,
): Promise<Erasures<T>> {
  const done: T[] = [];
  const failed: Failed[] = [];
  for (const id of ids)
    try {
      const outcome = await work(id);
      if ('reason' in outcome) failed.push(outcome);
      else done.push(outcome);
    } catch (error) {
      if (!(error instanceof ApiError && aboutTheDocument.has(error.status)))
        return { done, failed, stopped: error as Error };
      failed.push({ id, reason: { code: error.code, message: error.message } });
    }
  return { done, failed };
}

function exitCodeOf({ failed, stopped }: Erasures<unknown>, output: Output): ExitCode {
  for (const { id, reason } of failed) output.note(`${id}: ${reason.code}: ${reason.message}`);
  if (stopped !== undefined) throw stopped;
  return failed.length === 0 ? 0 : 1;
}

function receiptLines(receipt: ErasureReceipt, output: Output): string {
  const { id, version, completed_at, removed, retained = [] } = receipt;
  const rows = removed.map(({ store, what, count }) => [count, what, store]);
  return [
    `${output.style('bold', id)} is erased (version ${version}, ${completed_at})`,
    table(['removed', 'what', 'from'], rows),
    ...retained.map(({ store, what, until = 'later' }) => `kept until ${until} in ${store}: ${what}`),
  ].join('\n');
}
