import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { KillWall } from './kill-wall.ts';

const help = `The kill wall: documents are pushed, changed and deleted while Millrace is killed with -9 at random moments: the one
process of the standalone profile, or of the distributed one each time another service (its engines are left alone).
At the end everything acknowledged must be there: once, whole, and deleted where it was deleted.

  npm run kill-wall                                     2,000 documents, 100 kills
  npm run kill-wall -- --documents 200 --kills 10
  npm run kill-wall -- --distributed                    a process for each service, on npm run engines
  npm run kill-wall -- --seed 7                         the same choices again
`;

const options = {
  documents: { type: 'string', default: '2000' },
  kills: { type: 'string', default: '100' },
  seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  distributed: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;
const { values, mistake } = readArguments();

function readArguments() {
  try {
    return { ...parseArgs({ options }), mistake: undefined };
  } catch (error) {
    return { ...parseArgs({ args: [], options }), mistake: (error as Error).message };
  }
}

if (mistake !== undefined) {
  console.error(`${mistake}\n\n${help}`);
  process.exitCode = 2;
} else if (values.help) console.log(help);
else process.exitCode = await run();

async function run(): Promise<number> {
  const [documents, kills, seed] = [values.documents, values.kills, values.seed].map(Number) as [
    number,
    number,
    number,
  ];
  const profile = values.distributed ? 'distributed' : 'standalone';
  const dataDir = values.distributed ? undefined : await mkdtemp(join(tmpdir(), 'millrace-kill-wall-'));
  console.log(`${profile}: ${documents} documents, ${kills} kills, seed ${seed}`);
  const report = (line: string): void => console.log(`  ${line}`);
  const result = await new KillWall({
    ...{ documents, kills, pushers: 4, seed, report, profile },
    ...(dataDir !== undefined && { dataDir }),
  }).run();
  const { lost, duplicated, mixed, resurrected, unfinished, ...counts } = result;
  const faults = { lost, duplicated, mixed, resurrected, unfinished };
  console.log(
    counts,
    Object.fromEntries(Object.entries(faults).map(([name, found]) => [name, found.length])),
  );
  const all = Object.values(faults).flat();
  for (const fault of all.slice(0, 20)) console.log(`  ${fault}`);
  if (dataDir === undefined) return all.length === 0 ? 0 : 1;
  if (all.length > 0) console.log(`The data folder is kept: ${dataDir}`);
  else await rm(dataDir, { recursive: true, force: true });
  return all.length === 0 ? 0 : 1;
}
