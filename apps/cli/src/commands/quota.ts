import { InvalidArgumentError, type Command } from 'commander';
import { quota as quotaSchema, routes, type Quota } from '@millrace/contracts';
import type { Run } from '../context.ts';
import { table } from '../output/table.ts';

type Field = keyof Quota;

/** `requests_per_minute` and so on; options are called the same, with dashes. */
const fields = Object.keys(quotaSchema.shape) as Field[];

const examples = `
Examples:
  $ millrace tenants quota acme
  $ millrace tenants quota acme --tokens-per-minute 20000 --spend-per-day 12.50
  $ millrace tenants quota acme --spend-per-day none`;

/** Undefined: no limit. */
type Change = Partial<Record<Field, number | undefined>>;

export function addQuota(tenants: Command, run: Run): void {
  const command = tenants
    .command('quota')
    .description('what a tenant may use of chat completions; with options: change that')
    .argument('<name>', 'the tenant')
    .addHelpText('after', examples);
  for (const field of fields)
    command.option(`--${field.replaceAll('_', '-')} <number>`, 'at most so many, or none', limit(field));
  command.action(
    run(async ({ client, output }, name: string, options: Record<string, number | 'none'>) => {
      const now = await client.call(routes.getQuota, { params: { name } });
      const changes = changesIn(options);
      const answer = changes
        ? await client.call(routes.putQuota, { params: { name }, body: changed(now, changes) })
        : now;
      output.result(answer, () => shown(name, answer));
    }),
  );
}

const limit =
  (field: Field) =>
  (text: string): number | 'none' => {
    if (text === 'none') return text;
    const parsed = quotaSchema.shape[field].safeParse(text.trim() === '' ? NaN : Number(text));
    if (!parsed.success || parsed.data === undefined)
      throw new InvalidArgumentError(
        'Write a number of 0 or more, of money with at most 6 decimals, or none.',
      );
    return parsed.data;
  };

/** Undefined where none is asked for. */
function changesIn(options: Record<string, number | 'none'>): Change | undefined {
  const given = fields.flatMap((field) => {
    const value = options[field.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())];
    return value === undefined ? [] : [[field, value === 'none' ? undefined : value] as const];
  });
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}

const changed = (now: Quota, changes: Change): Quota =>
  Object.fromEntries(Object.entries({ ...now, ...changes }).filter(([, value]) => value !== undefined));

function shown(name: string, quota: Quota): string {
  const rows = fields.flatMap((field) => {
    const value = quota[field];
    return value === undefined ? [] : [[field.replaceAll('_', ' '), value]];
  });
  return rows.length > 0 ? table(['limit', 'at most'], rows) : `Nothing limits ${name}.`;
}
