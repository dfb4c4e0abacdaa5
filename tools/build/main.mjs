#!/usr/bin/env node
// Bundles every app, worker and tool from source into dist/: a second or two. `npm start` and the like run it when a
// source has changed.
import { existsSync } from 'node:fs';
import { cp, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { isBuiltFrom, sourcesDigest, stampBuild } from '../toolchain/build-stamp.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** dist path without extension -> source file. An app is `apps/X/src/main.ts`, a tool `tools/X/main.ts`. */
async function apps() {
  const candidates = [
    ...(await list('apps')).map((app) => [`apps/${app}/main`, `apps/${app}/src/main.ts`]),
    ...(await list('tools')).map((tool) => [`tools/${tool}/main`, `tools/${tool}/main.ts`]),
  ];
  return Object.fromEntries(candidates.filter(([, source]) => existsSync(join(root, source))));
}

/** What an adapter runs as a process or thread of its own: `*.worker.ts`. */
async function workers() {
  const entries = {};
  for (const adapter of await list('libs/adapters'))
    for (const file of await list(`libs/adapters/${adapter}/src`))
      if (file.endsWith('.worker.ts'))
        entries[`workers/${basename(file, '.worker.ts')}`] = `libs/adapters/${adapter}/src/${file}`;
  return entries;
}

const list = (folder) => readdir(join(root, folder)).catch(() => []);

const common = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  sourcemap: true,
  logLevel: 'warning',
};

const buildNode = (entryPoints) =>
  build({
    ...common,
    entryPoints,
    platform: 'node',
    target: 'node24',
    packages: 'external',
    tsconfig: join(root, 'tsconfig.base.json'),
  });

async function buildConsole() {
  const source = join(root, 'apps/console/src/main.tsx');
  if (!existsSync(source)) return;
  await build({
    ...common,
    entryPoints: { 'console/main': source },
    platform: 'browser',
    target: 'es2022',
    minify: true,
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    tsconfig: join(root, 'tsconfig.json'),
  });
  await cp(join(root, 'apps/console/public'), join(root, 'dist/console'), { recursive: true });
}

if (process.argv.includes('--clean')) await rm(join(root, 'dist'), { recursive: true, force: true });
const isPart = process.argv.includes('--workers');
// Taken before: what is written to while it is read is built again.
const digest = await sourcesDigest();
if (process.argv.includes('--if-changed') && (await isBuiltFrom(digest))) process.exit(0);
const jobs = isPart
  ? [buildNode(await workers())]
  : [buildNode({ ...(await apps()), ...(await workers()) }), buildConsole()];
try {
  await Promise.all(jobs);
  if (!isPart) await stampBuild(digest);
} catch (error) {
  // esbuild has printed what is wrong with the sources, and where.
  if (!Array.isArray(error.errors)) throw error;
  process.exitCode = 1;
}
