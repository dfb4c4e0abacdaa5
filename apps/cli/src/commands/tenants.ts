import type { Command } from 'commander';
import { routes } from '@millrace/contracts';
import type { Run } from '../context.ts';
import { table } from '../output/table.ts';
import { addModeration } from './moderation.ts';
import { addPrompt } from './prompt.ts';
import { addQuota } from './quota.ts';

const examples = `
Examples:
  $ millrace tenants create acme
  $ millrace keys create ingest --tenant acme
  $ millrace tenants quota acme --tokens-per-day 200000
  $ millrace tenants moderation acme --redact pii/email
  $ millrace tenants prompt acme --instructions @instructions.txt`;

export function addTenants(root: Command, run: Run): void {
  const tenants = root
    .command('tenants')
    .description('who shares this server without meeting')
    .addHelpText('after', examples);
  tenants
    .command('list')
    .description('all tenants')
    .action(
      run(async ({ client, output }) => {
        const answer = await client.call(routes.listTenants);
        const rows = answer.data.map(({ name, created_at }) => [name, created_at]);
        output.result(answer, () => table(['tenant', 'since'], rows));
      }),
    );
  tenants
    .command('create')
    .description('add a tenant')
    .argument('<name>', 'lower case letters, digits and hyphens')
    .action(
      run(async ({ client, output }, name: string) => {
        const tenant = await client.call(routes.createTenant, { body: { name } });
        output.result(
          tenant,
          () => `Tenant ${tenant.name} is there. Next: millrace keys create NAME --tenant ${tenant.name}`,
        );
      }),
    );
  addQuota(tenants, run);
  addModeration(tenants, run);
  addPrompt(tenants, run);
}
