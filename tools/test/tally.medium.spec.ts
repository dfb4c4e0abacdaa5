import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Tally } from './tally-reporter.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-tally-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs vitest on planted files in a folder of their own. */
async function tallyOf(files: Record<string, string>): Promise<Tally> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const reporter = `--reporter=${join(root, 'tools/test/tally-reporter.mjs')}`;
  const env = { ...process.env, MILLRACE_TALLY: join(folder, 'tally.json') };
  const args = [vitest, 'run', '--root', folder, '--globals', reporter];
  await new Promise((resolve) => execFile(process.execPath, args, { env }, resolve));
  return JSON.parse(await readFile(join(folder, 'tally.json'), 'utf8')) as Tally;
}

it('counts passed, failed and skipped tests, files that do not load, and hooks that fail', async () => {
  const tally = await tallyOf({
    'a.test.js': `
      it('passes', () => {});
      it('fails', () => expect(1).toBe(2));
      it('is skipped with a reason', (context) => context.skip('needs a GPU'));
      it.skip('is switched off', () => {});
      it.todo('is to come');`,
    'b.test.js': `import './absent.js'; it('never', () => {});`,
    'c.test.js': `describe('group', () => { beforeAll(() => { throw new Error('hook broke'); }); it('in it', () => {}); });`,
  });
  expect(tally.passed).toBe(1);
  expect(tally.failed).toEqual(
    expect.arrayContaining([
      'a.test.js > fails',
      expect.stringContaining('b.test.js'),
      expect.stringContaining('hook broke'),
    ]),
  );
  expect(tally.failed).toHaveLength(3);
  expect(tally.skipped).toContainEqual({ name: 'a.test.js > is skipped with a reason', why: 'needs a GPU' });
  expect(tally.skipped).toHaveLength(4);
});
