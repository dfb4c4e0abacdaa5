import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../toolchain/root.mjs';
import { Stop } from '../toolchain/stop.mjs';
import { docker, dockerLack } from './docker.mjs';

const composeFile = join(root, 'infra/compose/compose.yaml');
/** For all layers of the largest on a slow line. */
const pullMs = 600_000;

/**
 * The image of an engine, pinned where the distributed profile in containers has it, and nowhere else.
 * @param {string} name
 * @returns {Promise<string>}
 */
export async function imageOf(name) {
  const { parse } = await import('yaml');
  return parse(await readFile(composeFile, 'utf8'), { merge: true }).services[name].image;
}

/**
 * Why the image of an engine cannot be had, or undefined when it is here, pulled if need be.
 * @param {string} name
 * @param {(text: string) => void} report
 * @returns {Promise<string | undefined>}
 */
export async function imageLack(name, report) {
  const lack = await dockerLack();
  if (lack !== undefined) return lack;
  const image = await imageOf(name);
  return (await isHere(image)) ? undefined : pullLack(image, report);
}

/**
 * @param {string} image
 * @returns {Promise<boolean>}
 */
export const isHere = (image) =>
  docker(['image', 'inspect', '--format', '{{.Id}}', image]).then(
    () => true,
    () => false,
  );

/** That no image comes: asked once, since it may take long to find out. */
let outOfReach;

async function pullLack(image, report) {
  if (outOfReach) return outOfReach;
  report(`pulling ${image}`);
  try {
    const layers = layerCount();
    await docker(['pull', image], { timeout: pullMs }, (said) => report(`pulling ${image}${layers(said)}`));
    return undefined;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const said = error.message.split('\n').at(-1);
    const why = `${image} cannot be pulled: ${said}`;
    if (!isMissing.test(said)) outOfReach = why;
    return why;
  }
}

/** Adds up what a pull says, one line for each step of a layer. */
function layerCount() {
  let all = 0;
  let done = 0;
  return (said) => {
    all += (said.match(/: (?:Pulling fs layer|Already exists)/g) ?? []).length;
    done += (said.match(/: (?:Pull complete|Already exists)/g) ?? []).length;
    return all > 0 ? `, ${done} of ${all} layers` : '';
  };
}

/** The registry answers, and does not have it. */
const isMissing = /manifest|not found|does not exist|denied/i;
