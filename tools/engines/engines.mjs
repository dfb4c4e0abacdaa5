import { step } from '../toolchain/progress.mjs';
import { Stop } from '../toolchain/stop.mjs';
import { kinds } from './kinds.mjs';
import { help, readOptions } from './options.mjs';
import { Supervisor } from './supervisor.mjs';

/**
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
export async function engines(args) {
  const options = readOptions(args);
  if (options.help) {
    console.log(help);
    return 0;
  }
  const supervisor = new Supervisor(options.dir, options.ports);
  switch (options.command) {
    case 'up':
      return (await bringUp(supervisor, options.chosen)).length === 0 ? 0 : 1;
    case 'down':
      return takeDown(supervisor, options.chosen);
    default:
      return showStatus(supervisor, options.chosen);
  }
}

/**
 * Brings up what is not up, one after the other; says what cannot be had, and goes on.
 * @param {Supervisor} supervisor
 * @param {readonly import('./kinds.mjs').Kind[]} chosen
 * @returns {Promise<{ name: string, reason: string }[]>} what is not up now
 */
export async function bringUp(supervisor, chosen) {
  const missing = [];
  for (const kind of chosen) {
    const elsewhere = kind.elsewhere?.();
    const progress = step(title(kind.name));
    try {
      if (!elsewhere) await supervisor.up(kind, (text) => progress.update(text));
      progress.done(
        `${title(kind.name)} at ${whereIs(elsewhere ?? kind.coordinates(supervisor.place(kind)))}`,
      );
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      progress.failed(`${title(kind.name)}: NOT UP`);
      console.log(`    ${error.message.replaceAll('\n', '\n    ')}`);
      missing.push({ name: kind.name, reason: error.message.split('\n')[0] ?? '' });
    }
  }
  await supervisor.writeState(kinds);
  return missing;
}

/** @param {readonly import('./kinds.mjs').Kind[]} chosen */
export async function takeDown(supervisor, chosen) {
  for (const kind of chosen) if (await supervisor.down(kind)) console.log(`✓ ${title(kind.name)} is down`);
  await supervisor.writeState(kinds);
  return 0;
}

function showStatus(supervisor, chosen) {
  let down = 0;
  for (const kind of chosen) {
    const running = supervisor.running(kind);
    const elsewhere = kind.elsewhere?.();
    if (!running && !elsewhere) down += 1;
    const where = elsewhere ?? (running && kind.coordinates(supervisor.place(kind)));
    const since = running ? `, process ${running.pid} since ${running.at}` : '';
    console.log(`${title(kind.name).padEnd(11)} ${where ? `up at ${whereIs(where)}${since}` : 'down'}`);
  }
  return down > 0 ? 1 : 0;
}

const titles = { kafka: 'Kafka', redis: 'Redis', postgres: 'PostgreSQL', s3: 'S3', qdrant: 'Qdrant' };
const title = (name) => titles[name];

/** Without passwords. */
function whereIs({ url, endpoint, brokers, kind }) {
  const address = url ?? endpoint ?? brokers.join(', ');
  const plain = address.replace(/\/\/[^@/]*@/, '//');
  return kind === 'edge' ? `${plain} (Qdrant Edge behind a REST shim, not the Qdrant server)` : plain;
}
