import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Stop } from '../../toolchain/stop.mjs';
import { birthOf } from '../process-record.mjs';
import { run } from '../programs.mjs';
import { isRoot, nobody } from '../users.mjs';
import { asServer } from './postgres-user.mjs';
import { fetchPostgres, packaged } from './postgres-package.mjs';

const user = 'millrace';
/** Of a server that only this machine can reach. */
const password = '7b20e1f3c94d58a6';
const database = 'millrace';

/** The real server, from the npm package that carries it; Debian's where that cannot be had. */
export const postgres = /** @type {import('../kinds.mjs').Kind} */ ({
  name: 'postgres',
  title: 'PostgreSQL',
  port: 25_432,
  /** Does not wait until its clients have left. */
  stopSignal: 'SIGINT',

  provisioned: ({ bin }) => existsSync(packaged(bin).programs) || debianPrograms() !== undefined,

  async provision({ bin }, report) {
    if (existsSync(packaged(bin).programs)) return;
    try {
      await fetchPostgres(bin, report);
    } catch (error) {
      if (!(error instanceof Stop) || !debianPrograms()) throw error;
    }
  },

  async prepare({ bin, data }) {
    if (existsSync(join(data, 'PG_VERSION'))) return removeStaleLock(join(data, 'postmaster.pid'));
    await rm(data, { recursive: true, force: true });
    await mkdir(data, { recursive: true });
    const secret = `${data}-password`;
    await writeFile(secret, password, { mode: 0o600 });
    if (isRoot) for (const path of [data, secret]) await chown(path, nobody, nobody);
    await chmod(data, 0o700);
    const { programs, env } = installed(bin);
    const args = [
      '-D',
      data,
      '-U',
      user,
      '--pwfile',
      secret,
      '-A',
      'scram-sha-256',
      '-E',
      'UTF8',
      '--locale=C',
    ];
    const init = asServer(join(programs, 'initdb'), args, dirname(data));
    await run(init.command, init.args, { cwd: data, env: { ...process.env, ...env } });
    await rm(secret);
  },

  command({ bin, data, port }) {
    const { programs, env } = installed(bin);
    const args = [
      ...['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1'],
      ...['-c', 'unix_socket_directories=', ...connections],
    ];
    return { ...asServer(join(programs, 'postgres'), args, dirname(data)), env };
  },

  ready: ({ port }) => ask(port, 'postgres', 'SELECT 1'),

  async furnish({ port }) {
    const found = await ask(port, 'postgres', `SELECT 1 FROM pg_database WHERE datname = '${database}'`);
    if (found.rowCount === 0) await ask(port, 'postgres', `CREATE DATABASE ${database}`);
  },

  coordinates: ({ port }) => ({ url: urlOf(port, database) }),

  /** The image prepares the folder itself, through the socket that is switched off natively. */
  image: {
    command: ({ port, data }) => ({
      args: ['postgres', '-p', String(port), ...connections],
      env: {
        PGDATA: data,
        POSTGRES_USER: user,
        POSTGRES_PASSWORD: password,
        POSTGRES_DB: database,
        POSTGRES_INITDB_ARGS: '--encoding=UTF8 --locale=C',
      },
    }),
  },
});

const connections = ['-c', 'max_connections=200'];

const urlOf = (port, name) => `postgres://${user}:${password}@127.0.0.1:${port}/${name}`;

async function ask(port, name, question) {
  const { Client } = (await import('pg')).default;
  const client = new Client({ connectionString: urlOf(port, name), connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await client.query(question);
  } finally {
    await client.end();
  }
}

/** PostgreSQL takes a killed process for a running one until its parent, which may be slow, has buried it. */
async function removeStaleLock(file) {
  const [pid] = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  if (pid && birthOf(Number(pid)) === '') await rm(file);
}

/** What runs, and with which environment. */
const installed = (bin) =>
  existsSync(packaged(bin).programs) ? packaged(bin) : { programs: debianPrograms() ?? '', env: {} };

/** The newest of Debian's, which puts its server on no PATH. */
function debianPrograms() {
  const folder = '/usr/lib/postgresql';
  const versions = existsSync(folder)
    ? readdirSync(folder).sort((one, other) => Number(other) - Number(one))
    : [];
  return versions
    .map((version) => join(folder, version, 'bin'))
    .find((programs) => existsSync(join(programs, 'initdb')));
}
