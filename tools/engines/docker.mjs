import { find, run } from './programs.mjs';

const answerMs = 2_000;
/** For a daemon that hangs, and nothing that works takes as long. */
const hungMs = 60_000;

/**
 * Runs the command line of Docker to its end.
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @param {(said: string) => void} [hear]
 */
export const docker = (args, options, hear) => run('docker', args, { timeout: hungMs, ...options }, hear);

let lack;

/** Why no container can be run here, or undefined; asked once. @returns {Promise<string | undefined>} */
export const dockerLack = () => (lack ??= askDocker());

async function askDocker() {
  if (!find('docker')) return 'there is no Docker here';
  try {
    const endpoint = ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'];
    const host = (await docker(endpoint, { timeout: answerMs })).trim();
    if (!/^(?:unix|npipe):/.test(host)) return `the Docker daemon is not on this machine (${host})`;
    await docker(['version', '--format', '{{.Server.Version}}'], { timeout: answerMs });
    return undefined;
  } catch {
    return 'no Docker daemon answers';
  }
}
