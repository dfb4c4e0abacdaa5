import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { misused, readArguments } from '../trial-arguments.ts';
import { tell, type TrialCase } from '../trial-case.ts';
import { KillWall, victims, type KillWallResult, type Victim } from './kill-wall.ts';

const help = `The kill wall: documents are pushed, changed and deleted while Millrace is killed with -9 at random moments: the one
process of the standalone profile, or of the distributed one each time another service. At the end everything acknowledged
must be there: once, whole, and deleted where it was deleted.

  npm run kill-wall                                     2,000 documents, 100 kills
  npm run kill-wall -- --documents 200 --kills 10
  npm run kill-wall -- --seed 7                         the same choices again
  npm run kill-wall -- --distributed                    a process for each service, on npm run engines

In the distributed profile:
  --topic            changes go to documents.v1, from a producer that knows nothing of Millrace
  --victims A,B      whom to choose from: ${victims.join(', ')} (services). An engine is killed for everybody
                     on this machine and started again
  --away S           seconds that a killed engine stays away (0)
  --flushes N        times that Redis is emptied meanwhile, of everything in it (0)
`;

const options = {
  documents: { type: 'string', default: '2000' },
  kills: { type: 'string', default: '100' },
  seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  distributed: { type: 'boolean', default: false },
  topic: { type: 'boolean', default: false },
  victims: { type: 'string', default: 'services' },
  away: { type: 'string', default: '0' },
  flushes: { type: 'string', default: '0' },
} as const;
type Values = NonNullable<ReturnType<typeof read>['values']>;

const read = (args: string[]) => readArguments(args, options, help);

/** `npm run kill-wall`. */
export async function killWall(args: string[]): Promise<number> {
  const { values, code } = read(args);
  if (!values) return code;
  const mistake = misfit(values);
  return mistake === undefined ? run(values) : misused(mistake, help);
}

function misfit(values: Values): string | undefined {
  const unknown = values.victims.split(',').find((name) => !(victims as readonly string[]).includes(name));
  if (unknown !== undefined) return `There is nothing to kill that is called ${unknown}.`;
  const needsEngines =
    values.topic || values.victims !== 'services' || values.flushes !== '0' || values.away !== '0';
  return needsEngines && !values.distributed ? 'That takes --distributed.' : undefined;
}

async function run(values: Values): Promise<number> {
  const { documents, kills, seed, flushes, away } = numbersOf(values);
  const chosen = values.victims.split(',') as Victim[];
  const profile = values.distributed ? 'distributed' : 'standalone';
  const dataDir = values.distributed ? undefined : await mkdtemp(join(tmpdir(), 'millrace-kill-wall-'));
  console.log(`${profile}: ${documents} documents, ${kills} kills, seed ${seed}`);
  const report = (line: string): void => console.log(`  ${line}`);
  const result = await new KillWall({
    ...{ documents, kills, pushers: 4, seed, report, profile, flushes, victims: chosen, awayMs: away * 1000 },
    through: values.topic ? 'topic' : 'http',
    ...(dataDir !== undefined && { dataDir }),
  }).run();
  const { lost, duplicated, mixed, resurrected, unfinished, ...counts } = result;
  const faults = { lost, duplicated, mixed, resurrected, unfinished };
  tell(casesOf(result));
  const { victims: struck, under, ...sums } = counts;
  console.log(sums, countsOf(faults));
  console.log('Kills, and in how many of them documents were in a state on their way:');
  console.table(tableOf(struck, under));
  const all = Object.values(faults).flat();
  for (const fault of all.slice(0, 20)) console.log(`  ${fault}`);
  if (dataDir === undefined) return all.length === 0 ? 0 : 1;
  if (all.length > 0) console.log(`The data folder is kept: ${dataDir}`);
  else await rm(dataDir, { recursive: true, force: true });
  return all.length === 0 ? 0 : 1;
}

function numbersOf({ documents, kills, seed, flushes, away }: Values) {
  return {
    documents: Number(documents),
    kills: Number(kills),
    seed: Number(seed),
    flushes: Number(flushes),
    away: Number(away),
  };
}

function countsOf(faults: Readonly<Record<string, readonly string[]>>): Record<string, number> {
  return Object.fromEntries(Object.entries(faults).map(([name, found]) => [name, found.length]));
}

function tableOf(struck: KillWallResult['victims'], under: KillWallResult['under']) {
  return Object.fromEntries(Object.entries(struck).map(([name, kills]) => [name, { kills, ...under[name] }]));
}

function casesOf({ acknowledged, acknowledgedUnderKills, kills, ...result }: KillWallResult): TrialCase[] {
  const none = (['lost', 'duplicated', 'mixed', 'resurrected', 'unfinished'] as const).map((fault) => ({
    ...{ case: fault, value: result[fault].length, unit: 'documents', n: acknowledged },
    goal: { sense: '<=', limit: 0 } as const,
  }));
  return [
    { case: 'kills', value: kills, unit: 'kills', n: kills },
    {
      case: 'acknowledged before the last kill',
      value: (100 * acknowledgedUnderKills) / acknowledged,
      unit: '%',
      n: acknowledged,
    },
    ...none,
  ];
}
