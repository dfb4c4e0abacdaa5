import { Option, type Command } from 'commander';
import { rights, routes } from '@millrace/contracts';
import type { Run } from '../context.ts';
import { table } from '../output/table.ts';
import { collect } from './option-values.ts';

type Right = (typeof rights)[number];

interface CreateOptions {
  readonly tenant: string;
  readonly group?: string[];
  readonly right?: Right[];
}

const examples = `
Examples:
  $ millrace keys create ingest --tenant acme --right write
  $ millrace keys create anna --tenant acme --group legal --group board
  $ millrace keys revoke 0197c6d2-3f1c-7d43-8d0e-5b6b1c2f9a10`;

export function addKeys(root: Command, run: Run): void {
  const keys = root
    .command('keys')
    .description('who may do what: access keys')
    .addHelpText('after', examples);
  addList(keys, run);
  addCreate(keys, run);
  addRevoke(keys, run);
}

function addList(keys: Command, run: Run): void {
  keys
    .command('list')
    .description('all keys, without their secrets')
    .option('--tenant <name>', 'only of this tenant')
    .action(
      run(async ({ client, output }, { tenant }: { tenant?: string }) => {
        const answer = await client.call(routes.listKeys, { query: tenant ? { tenant } : {} });
        const rows = answer.data.map(({ id, tenant, name, rights, groups, created_at }) => [
          id,
          tenant,
          name,
          rights.join(','),
          groups.join(','),
          created_at,
        ]);
        output.result(answer, () =>
          rows.length === 0
            ? 'There are no keys.'
            : table(['id', 'tenant', 'name', 'rights', 'groups', 'since'], rows),
        );
      }),
    );
}

function addCreate(keys: Command, run: Run): void {
  keys
    .command('create')
    .description('make a key; it is shown this once')
    .argument('<name>', 'who it stands for: acts as user:NAME')
    .requiredOption('--tenant <name>', 'the tenant it belongs to')
    .option('--group <group>', 'a group of its holder, for access lists; repeatable', collect)
    .addOption(new Option('--right <right...>', 'what it may do (default: read write)').choices(rights))
    .action(
      run(async ({ client, output }, name: string, { tenant, group, right }: CreateOptions) => {
        const body = { name, tenant, ...(group && { groups: group }), ...(right && { rights: right }) };
        const created = await client.call(routes.createKey, { body });
        output.result(created, () => created.key);
        output.note(`Keep it safe: it cannot be shown again. Its id is ${created.id}.`);
      }),
    );
}

function addRevoke(keys: Command, run: Run): void {
  keys
    .command('revoke')
    .description('make a key useless; every process knows within two seconds')
    .argument('<id>', 'its id, as millrace keys list shows it')
    .action(
      run(async ({ client, output }, id: string) => {
        await client.call(routes.revokeKey, { params: { id } });
        output.result({ revoked: id }, () => `Key ${id} is revoked. It stops working within two seconds.`);
      }),
    );
}
