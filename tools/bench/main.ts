// `npm run bench -- NAME [--quick] [--json FILE]`: one measurement; without a name, the list of them.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runBareLoop } from './bare-loop.ts';
import { runCallee } from './call-contenders.ts';
import type { Measurement } from './measurement.ts';
import { measurements } from './measurements/index.ts';
import { runPacedModel } from './paced-model.ts';
import { runQuotaReplica } from './quota-replica.ts';
import { lines, report } from './report.ts';
import { ownRole } from './roles.ts';

switch (ownRole()) {
  case 'bare-loop':
    await runBareLoop();
    break;
  case 'callee':
    await runCallee();
    break;
  case 'paced-model':
    runPacedModel();
    break;
  case 'quota-replica':
    await runQuotaReplica();
    break;
  default:
    process.exitCode = await main();
}

async function main(): Promise<number> {
  const { values, positionals, mistake } = readArguments();
  if (mistake !== undefined) console.error(`${mistake}\n`);
  if (mistake !== undefined || values.help) {
    list(undefined);
    return mistake === undefined ? 0 : 2;
  }
  const [name] = positionals;
  const measurement = measurements.find((one) => one.name === name);
  if (!measurement) return list(name);
  const reason = measurement.unavailable?.();
  if (reason) {
    console.log(`NOT RUN: ${reason}`);
    return 1;
  }
  return measure(measurement, values.quick, values.json);
}

function readArguments() {
  const options = {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  } as const;
  try {
    return { ...parseArgs({ allowPositionals: true, options }), mistake: undefined };
  } catch (error) {
    return { ...parseArgs({ args: [], options }), mistake: (error as Error).message };
  }
}

async function measure(measurement: Measurement, quick: boolean, json: string | undefined): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const note = (text: string) => console.error(`  ${text}`);
  const run = measurement.run({ quick, note, signal: stop.signal });
  const cases = await run.catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
    console.error('Stopped: there are no figures.');
  });
  if (!cases) return 1;
  console.log([`${measurement.name}: ${measurement.summary}`, ...lines(cases)].join('\n'));
  // npm runs this in the root of the checkout; a path is meant from where the person stands.
  if (json)
    await writeFile(
      resolve(process.env['INIT_CWD'] ?? '.', json),
      `${JSON.stringify(report(measurement, cases), null, 2)}\n`,
    );
  return 0;
}

function list(wrong: string | undefined): number {
  if (wrong) console.log(`There is no measurement ${wrong}.\n`);
  const width = Math.max(...measurements.map(({ name }) => name.length));
  console.log('npm run bench -- NAME [--quick] [--json FILE]\n');
  console.log('  --quick      fewer questions or documents: for a look, not for a figure');
  console.log('  --json FILE  the figures with machine, model and commit\n');
  for (const { name, summary } of measurements) console.log(`  ${name.padEnd(width)}  ${summary}`);
  return wrong ? 2 : 0;
}
