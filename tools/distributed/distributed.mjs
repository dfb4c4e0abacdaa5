import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { prepare, pullModels } from '../toolchain/prepare.mjs';
import { step } from '../toolchain/progress.mjs';
import { root } from '../toolchain/root.mjs';
import { Stop } from '../toolchain/stop.mjs';
import { adminKey, environmentOf } from './environment.mjs';
import { Fleet } from './fleet.mjs';
import { help, readOptions, services } from './options.mjs';

/**
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
export async function distributed(args) {
  const options = readOptions(args);
  if (options.help) {
    console.log(help);
    return 0;
  }
  await prepare();
  if (!(await pullModels()))
    throw new Stop('Without its models Millrace cannot search. Is the network reachable?');
  const dir = resolve(root, options.dir);
  await mkdir(dir, { recursive: true });
  const key = await adminKey(dir);
  const engines = await enginesUp();
  const own = options.as && (await installation(engines, options.as));
  const env = { ...environmentOf(engines, key), ...own?.environment, ...options.set };
  const fleet = new Fleet(dir, env);
  const asked = stopAsked();
  const address = await startAll(fleet, options).catch(async (error) => {
    await stopAll(fleet);
    throw error;
  });
  console.log(`
  Millrace is ready: ${address}/ (console), every service a process of its own.
  The key that may do everything is in ${join(options.dir, 'admin-key')}.
  Try: MILLRACE_URL=${address} MILLRACE_KEY=$(cat ${join(options.dir, 'admin-key')}) npm run millrace -- status
  Ctrl-C drains and stops the services; npm run engines -- down stops the engines.
`);
  process.send?.({ url: address, key, dir });
  await asked;
  await stopAll(fleet);
  if (options.temporary) await own.remove();
  return 0;
}

/** @returns {Promise<import('../../libs/testing/src/engines.ts').Engines>} */
async function enginesUp() {
  const [{ bringUp }, engines] = await Promise.all([
    import('../engines/bring-up.mjs'),
    import('../engines/options.mjs'),
  ]);
  const chosen = engines.readOptions(['up']);
  const { missing } = await bringUp(chosen);
  if (missing.length > 0)
    throw new Stop(
      `Without ${missing.map(({ name }) => name).join(', ')} there is no distributed profile; see above.`,
    );
  return JSON.parse(await readFile(join(chosen.dir, 'state.json'), 'utf8'));
}

async function installation(engines, name) {
  // Its clients are in node_modules, which is not there from the start.
  const { Installation } = await import('./installation.mjs');
  const own = new Installation(engines, name);
  await own.make();
  return own;
}

/** All services at once, then the gateway, which is ready when they are. */
async function startAll(fleet, { replicas, port }) {
  const progress = step('Starting the services');
  const replicasOf = (service) =>
    Array.from({ length: replicas[service] }, (_, at) => fleet.add(`${service}-${at + 1}`, service));
  const env = Object.fromEntries(
    await Promise.all(
      services.map(async (service) => [
        `MILLRACE_GATEWAY_${service.toUpperCase()}`,
        (await Promise.all(replicasOf(service))).join(','),
      ]),
    ),
  );
  const gateways = Array.from({ length: replicas.gateway }, (_, at) =>
    fleet.add(`gateway-${at + 1}`, 'gateway', { port: at === 0 ? port : 0, env }),
  );
  const [address] = await Promise.all(gateways);
  progress.done(`${fleet.members.length} processes are up`);
  return address;
}

/** The gateway first: nobody is sent to a service that is gone. */
async function stopAll(fleet) {
  fleet.stopping = true;
  const progress = step('Stopping the services');
  await fleet.stop('gateway');
  await fleet.stop();
  progress.done('All services have drained');
}

const stopAsked = () =>
  new Promise((asked) => {
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.once(signal, asked);
    process.once('disconnect', asked);
    // Listening to it must not keep the process alive when all else has ended.
    process.channel?.unref();
  });
