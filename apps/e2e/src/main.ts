// The trials that take longer than a test may: `node main.js NAME ARGS...`.
import { disconnects } from './disconnects/command.ts';
import { faultWall } from './fault-wall/command.ts';
import { killWall } from './kill-wall/command.ts';
import { outages } from './outages/command.ts';
import { poison } from './poison/command.ts';
import { rollingRestart } from './rolling-restart/command.ts';

const trials: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  disconnects,
  'fault-wall': faultWall,
  'kill-wall': killWall,
  outages,
  poison,
  'rolling-restart': rollingRestart,
};

const [name = '', ...args] = process.argv.slice(2);
const trial = trials[name];
if (trial) process.exitCode = await trial(args);
else {
  console.error(`There is no trial ${name}: ${Object.keys(trials).join(', ')}.`);
  process.exitCode = 2;
}
process.disconnect?.();
