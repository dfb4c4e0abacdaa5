import { parseArgs } from 'node:util';
import { Stop } from '../toolchain/stop.mjs';
import { kinds } from './kinds.mjs';
import { LocalEngine } from './local-engine.mjs';
import { defaultDir, sharedBin } from './places.mjs';

export const help = `npm run engines -- up | down | status [OPTIONS]

Runs the engines of the distributed profile on this machine's loopback address. The first up fetches what is missing; later
ones take seconds. The engines run on when the command ends.

Natively, engines are plain processes of programs from the package registries (Kafka from Maven, PostgreSQL from npm,
versitygw from the Go proxy; Redis is Debian's redis-server). In Docker they are containers of the images that
infra/compose pins. An engine whose program or native data is here runs natively, others in Docker where a daemon answers
and has or gets the image. up and status say which it is.

  up       brings up what is not up and waits until it serves; twice does nothing; exit code 1 when one cannot be had
  down     stops all and waits for each process; what they wrote is kept
  status   what is up, and where; exit code 1 when one of the chosen is not
  kill     ends the engines of --only with -9, as a crash would
  restart  stops the engines of --only where they run, and starts them again at the same port

  --only NAME,NAME    of ${kinds.map(({ name }) => name).join(', ')} (all)
  --port NAME=N       another port than ${kinds.map(({ name, port }) => `${name}=${port}`).join(', ')};
                      again for another engine; Kafka takes the next port too
  --free-ports        where another program has the port, take a free one
  --native, --docker  with up: what is not up runs so, whatever is here; the two keep their data apart
  --dir FOLDER        data, logs and state.json, which says how to reach each (.millrace/engines, or where MILLRACE_ENGINES is)
  --bin FOLDER        what was fetched; may be shared by several --dir (.millrace/engines/bin)
  --wipe              with down: remove what the engines wrote
  --help

Qdrant: with MILLRACE_QDRANT_URL (and MILLRACE_QDRANT_API_KEY) that server is used, in Docker its image; natively Qdrant
Edge behind a REST shim stands in, which is not the Qdrant server.
`;

const commands = /** @type {const} */ (['up', 'down', 'status', 'kill', 'restart']);

/**
 * @typedef {object} Options
 * @property {typeof commands[number]} command
 * @property {boolean} help
 * @property {string} dir
 * @property {readonly LocalEngine[]} chosen in the order they are shown
 * @property {boolean} named whether the chosen were named one by one
 * @property {boolean} wipe
 *
 * @param {string[]} args
 * @returns {Options}
 */
export function readOptions(args) {
  const { values, positionals } = parse(args);
  const command = commands.find((name) => name === positionals[0]);
  if (!values.help && (positionals.length !== 1 || !command)) throw new Stop(help);
  const dir = values.dir ?? defaultDir();
  const ports = Object.fromEntries(values.port.map(portOf));
  const named = values.only !== undefined;
  return {
    command: command ?? 'status',
    help: values.help,
    dir,
    named,
    wipe: values.wipe,
    chosen: (named ? values.only.split(',').map(kindOf) : kinds).map(
      (kind) =>
        new LocalEngine(kind, {
          dir,
          bin: values.bin,
          port: ports[kind.name],
          yields: values['free-ports'],
          runtime: runtimeOf(values),
        }),
    ),
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
        bin: { type: 'string', default: sharedBin },
        port: { type: 'string', multiple: true, default: [] },
        'free-ports': { type: 'boolean', default: false },
        native: { type: 'boolean', default: false },
        docker: { type: 'boolean', default: false },
        wipe: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new Stop(`${error.message}\n\n${help}`);
  }
}

function runtimeOf({ native, docker }) {
  if (native && docker) throw new Stop('--native or --docker, not both.');
  return native ? 'native' : docker ? 'docker' : undefined;
}

/** @param {string} name */
export function kindOf(name) {
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
