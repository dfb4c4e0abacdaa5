import { InvalidArgumentError, type Command } from 'commander';
import { routes, type usageReport, type usageRow } from '@millrace/contracts';
import { z } from 'zod';
import type { Run } from '../context.ts';
import { table } from '../output/table.ts';

type Row = z.infer<typeof usageRow>;

interface UsageOptions {
  readonly tenant?: string;
  readonly since?: string;
  readonly until?: string;
  readonly by: Part[];
}

const parts = ['day', 'tenant', 'model', 'backend', 'outcome'] as const;
type Part = (typeof parts)[number];

const examples = `
Examples:
  $ millrace usage                                     the last 30 days, by tenant and model
  $ millrace usage --by day --tenant acme
  $ millrace usage --since 2026-03-01 --until 2026-03-31 --by tenant,outcome
  $ millrace usage --json | jq '[.data[].cost] | add'`;

export function addUsage(root: Command, run: Run): void {
  root
    .command('usage')
    .description('what chat answers used: tokens, and what they cost')
    .option('--tenant <name>', 'only of this tenant')
    .option('--since <day>', 'from this day on (UTC), as 2026-03-01; default: 30 days ago', day)
    .option('--until <day>', 'to this day; default: today', day)
    .option('--by <parts>', `added up by some of ${parts.join(', ')}`, partsOf, ['tenant', 'model'])
    .addHelpText('after', examples)
    .action(
      run(async ({ client, output }, { by, ...query }: UsageOptions) => {
        const report = await client.call(routes.usage, { query });
        output.result(report, () => told(report, by));
        if (report.has_more) output.note('There is more: ask for fewer days, or for one tenant.');
      }),
    );
}

function told({ since, until, data }: z.infer<typeof usageReport>, by: readonly Part[]): string {
  if (data.length === 0) return `Nobody was answered from ${since} to ${until}.`;
  const groups = Map.groupBy(data, (row) => by.map((part) => row[part] || '-').join('\u0000'));
  const rows = [...groups].map(([key, rows]) => [...key.split('\u0000'), ...sumsOf(rows)]);
  const heads = [...by, 'answers', 'estimated', 'prompt tokens', 'completion tokens', 'cost'];
  return [table(heads, [...rows, ['all', ...by.slice(1).map(() => ''), ...sumsOf(data)]])].join('\n');
}

const sumsOf = (rows: readonly Row[]): string[] => {
  const sum = (of: 'answers' | 'estimated' | 'prompt_tokens' | 'completion_tokens' | 'cost'): number =>
    rows.reduce((total, row) => total + row[of], 0);
  return [
    ...(['answers', 'estimated', 'prompt_tokens', 'completion_tokens'] as const).map((of) => `${sum(of)}`),
    sum('cost').toFixed(2),
  ];
};

function day(text: string): string {
  if (!z.iso.date().safeParse(text).success) throw new InvalidArgumentError('Write a day as 2026-03-01.');
  return text;
}

function partsOf(text: string): Part[] {
  const parsed = z.array(z.enum(parts)).min(1).safeParse(text.split(','));
  if (!parsed.success) throw new InvalidArgumentError(`Write some of ${parts.join(',')}.`);
  return [...new Set(parsed.data)];
}
