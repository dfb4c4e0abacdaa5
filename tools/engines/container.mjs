import { createHash } from 'node:crypto';
import { chown, mkdir } from 'node:fs/promises';
import { Stop } from '../toolchain/stop.mjs';
import { docker } from './docker.mjs';
import { imageLack, imageOf } from './images.mjs';
import { isRoot, nobody } from './users.mjs';

/** @typedef {import('./kinds.mjs').Kind} Kind */
/** @typedef {import('./kinds.mjs').Place} Place */
/** @typedef {import('./kinds.mjs').ImageCommand} ImageCommand */

/** Where every container finds its data. */
const dataInside = '/data';

/**
 * An engine as a container of its image. Its process on this machine is the client that stays attached: it carries the log
 * and lives as long as the container, which the daemon removes at its end. Signals go to the container by name.
 * @param {Kind} kind
 * @returns {Kind}
 */
export const inContainer = (kind) => ({
  ...kind,
  coordinates: kind.image.coordinates ?? kind.coordinates,
  stopped: undefined,

  async provision(_place, report) {
    const lack = await imageLack(kind.name, report);
    if (lack !== undefined) throw new Stop(`${lack}. With --native it does without.`);
  },

  async prepare(place) {
    await mkdir(place.data, { recursive: true });
    if (isRoot) await chown(place.data, nobody, nobody);
    const image = await imageOf(kind.name);
    const run = (command) => docker(runArguments({ image, place, user, command }), { env: withEnv(command) });
    await kind.image.prepare?.(place, inside(place), run);
  },

  async command(place) {
    const image = await imageOf(kind.name);
    const command = kind.image.command(inside(place));
    const { stopSignal } = kind;
    const name = containerName(kind, place);
    return {
      command: 'docker',
      args: runArguments({ image, name, stopSignal, place, user, command, published: place.port }),
      env: command.env,
    };
  },

  signal: (place, signal) => unlessGone(['kill', '--signal', signal, containerName(kind, place)]),

  reclaim: (place) => unlessGone(['rm', '--force', '--volumes', containerName(kind, place)]),
});

const inside = ({ port }) => ({ data: dataInside, port });

/** Not root; as who can remove the data afterwards. */
const user = isRoot || !process.getuid ? `${nobody}:${nobody}` : `${process.getuid()}:${process.getgid()}`;

/**
 * One name for each folder of data, so that a container is found again without a record.
 * @param {Pick<Kind, 'name'>} kind
 * @param {Pick<Place, 'data'>} place
 */
export const containerName = ({ name }, { data }) =>
  `millrace-${name}-${createHash('sha256').update(data).digest('hex').slice(0, 8)}`;

/**
 * What follows `docker`. Values of the environment are left to it, out of sight of who lists processes.
 * @param {object} options
 * @param {string} options.image
 * @param {Pick<Place, 'data'>} options.place
 * @param {string} options.user
 * @param {ImageCommand} options.command
 * @param {string} [options.name]
 * @param {number} [options.published]
 * @param {string} [options.stopSignal]
 * @returns {string[]}
 */
export const runArguments = ({ image, name, published, stopSignal, place, user, command }) => [
  ...['run', '--rm', '--pull', 'never', '--log-driver', 'none'],
  ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--user', user],
  ...(name ? ['--name', name] : []),
  ...(stopSignal ? ['--stop-signal', stopSignal] : []),
  ...(published ? ['--publish', `127.0.0.1:${published}:${published}`] : []),
  ...['--volume', `${place.data}:${dataInside}:z`],
  ...Object.keys(command.env ?? {}).flatMap((variable) => ['--env', variable]),
  ...(command.entrypoint ? ['--entrypoint', command.entrypoint] : []),
  image,
  ...command.args,
];

const withEnv = ({ env }) => ({ ...process.env, ...env });

/** That there is no such container any more, or not a running one, is what was wanted. */
async function unlessGone(args) {
  try {
    await docker(args);
  } catch (error) {
    if (!/no such container|is not running|already in progress/i.test(error.message)) throw error;
  }
}
