import { InvalidArgumentError, type Command } from 'commander';
import { auditActions, routes, type AuditAction, type AuditEntry } from '@millrace/contracts';
import type { Run } from '../context.ts';
import { table } from '../output/table.ts';
import { addAuditVerify } from './audit-verify.ts';
import { pastTime, wholeNumber } from './option-values.ts';

interface AuditOptions {
  readonly tenant?: string;
  readonly from?: string;
  readonly to?: string;
  readonly action?: AuditAction;
  readonly limit: number;
}

const examples = `
Examples:
  $ millrace audit                               what was done last, in the own tenant
  $ millrace audit --tenant acme --from 7d --action key.create
  $ millrace audit --json | jq '.data[] | select(.outcome == "refused")'
  $ millrace audit verify                        that no entry was changed, removed or put between`;

/** Of an hash: enough to tell entries apart by eye. */
const shownOfHash = 12;

export function addAudit(root: Command, run: Run): void {
  const audit = root
    .command('audit')
    .description('what admins did and what moderation decided, in a chain that shows changes')
    .addHelpText('after', examples);
  audit
    .command('list', { isDefault: true })
    .description('the entries, the newest first')
    .option('--tenant <name>', 'of this tenant (default: the own one)')
    .option('--from <when>', 'only since then: 2h, 7d, or a time as 2026-03-01T09:00:00Z', pastTime)
    .option('--to <when>', 'only before then', pastTime)
    .option('--action <action>', `one of ${auditActions.join(', ')}`, anAction)
    .option('--limit <n>', 'how many at most', wholeNumber(1, 1000), 50)
    .addHelpText('after', examples)
    .action(
      run(async ({ client, output }, query: AuditOptions) => {
        const page = await client.call(routes.audit, { query });
        output.result(page, () => told(page));
        if (page.next_cursor) output.note('There are more: --limit, or --to with the time of the last one.');
      }),
    );
  addAuditVerify(audit, run);
}

function told({ tenant, data }: { readonly tenant: string; readonly data: readonly AuditEntry[] }): string {
  if (data.length === 0) return `There is no such entry in the audit trail of ${tenant}.`;
  return table(
    ['no', 'at', 'who', 'action', 'object', 'outcome', 'hash', 'details'],
    data.map((entry) => [
      ...[entry.sequence, entry.at, whoIn(entry), entry.action, entry.object, entry.outcome],
      ...[entry.hash.slice(0, shownOfHash), detailsOf(entry)],
    ]),
  );
}

const whoIn = ({ actor: { tenant, name } }: AuditEntry): string => (tenant ? `${tenant}/${name}` : name);

const detailsOf = ({ details }: AuditEntry): string =>
  Object.entries(details)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');

function anAction(text: string): AuditAction {
  const action = auditActions.find((one) => one === text);
  if (!action) throw new InvalidArgumentError(`Write one of ${auditActions.join(', ')}.`);
  return action;
}
