import type { Command } from 'commander';
import { routes, type ErasureReceipt } from '@millrace/contracts';
import type { Context, ExitCode, Run } from '../context.ts';
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

async function askToErase({ client, output }: Context, ids: readonly string[]): Promise<void> {
  const accepted: { id: string; version: number }[] = [];
  for (const id of ids) accepted.push(await client.call(routes.deleteDocument, { params: { id } }));
  output.result({ accepted }, () =>
    accepted
      .map(({ id }) => `${id}: the erasure was accepted. millrace status shows when it is done.`)
      .join('\n'),
  );
}

async function eraseAndWait({ client, output, signal }: Context, ids: readonly string[]): Promise<ExitCode> {
  const receipts: ErasureReceipt[] = [];
  const failed: string[] = [];
  for (const id of ids) {
    const accepted = await client.call(routes.deleteDocument, { params: { id } });
    const { state, reason } = await follow(client, accepted, 'deleted', signal);
    if (state === 'deleted') receipts.push(await client.call(routes.getReceipt, { params: { id } }));
    else failed.push(`${id} is ${state}${reason ? `: ${reason.code}: ${reason.message}` : ''}`);
  }
  output.result({ receipts, failed }, () =>
    receipts.map((receipt) => receiptLines(receipt, output)).join('\n\n'),
  );
  for (const line of failed) output.note(line);
  return failed.length === 0 ? 0 : 1;
}

function receiptLines({ id, version, completed_at, removed }: ErasureReceipt, output: Output): string {
  const rows = removed.map(({ store, what, count }) => [count, what, store]);
  return [
    `${output.style('bold', id)} is erased (version ${version}, ${completed_at})`,
    table(['removed', 'what', 'from'], rows),
  ].join('\n');
}
