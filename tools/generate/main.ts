// `npm run generate [-- --check]`: writes docs/reference and docs/events from the tables in the code, or compares them.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { refusedSchemas } from './published-schemas.ts';
import { references } from './references.ts';

const checking = process.argv.includes('--check');
const all = references();
const refused = await refusedSchemas(all);
const kept = new Set(refused.map((refusal) => refusal.split(':')[0]));
const stale: string[] = [];
for (const [path, text] of all) {
  if (kept.has(path) || (await readFile(path, 'utf8').catch(() => '')) === text) continue;
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
for (const refusal of refused) console.log(`breaks those who built on it: ${refusal}`);
if (refused.length > 0) {
  console.log('A published event gets new optional fields only: see docs/events/README.md');
  process.exitCode = 1;
}
