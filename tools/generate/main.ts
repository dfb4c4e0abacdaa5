// `npm run generate [-- --check]`: writes docs/reference and docs/events from the tables in the code, or compares them.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { references } from './references.ts';

const checking = process.argv.includes('--check');
const stale: string[] = [];
for (const [path, text] of references()) {
  if ((await readFile(path, 'utf8').catch(() => '')) === text) continue;
  stale.push(path);
  if (checking) continue;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
for (const path of stale) console.log(`${checking ? 'out of date' : 'written'}: ${path}`);
if (checking && stale.length > 0) {
  console.log('Run: npm run generate');
  process.exitCode = 1;
}
