import { execFile } from 'node:child_process';
import { nodeEnvironment, root } from './harness.ts';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `millrace` against a server. */
export const millrace = (url: string, key: string, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { ...process.env, ...nodeEnvironment, MILLRACE_KEY: key };
    const command = ['dist/apps/cli/main.js', '--url', url, ...args];
    execFile(process.execPath, command, { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
