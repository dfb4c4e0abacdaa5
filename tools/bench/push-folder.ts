import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { sharedData } from './shared-data.ts';

/** How the command says that a file ended. */
export interface Ending {
  readonly path: string;
  readonly state: string;
  readonly reason?: { readonly code: string };
}

/** As a person would: the command says how each file ended. Its exit code 1 means that some were dead-lettered. */
export async function pushFolder(
  url: string,
  folder: string,
  signal: AbortSignal,
): Promise<readonly Ending[]> {
  const args = ['dist/apps/cli/main.js', 'push', sharedData(folder), '--wait', '--json'];
  const options = { env: { ...process.env, MILLRACE_URL: url }, maxBuffer: 2 ** 26, signal };
  const { stdout } = await promisify(execFile)(process.execPath, args, options).catch((error: unknown) => {
    const { code, stdout } = error as { readonly code?: number; readonly stdout?: string };
    if (code === 1 && stdout) return { stdout };
    throw error;
  });
  return (JSON.parse(stdout) as { readonly documents: readonly Ending[] }).documents;
}
