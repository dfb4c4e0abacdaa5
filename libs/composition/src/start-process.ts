import type { ServiceName } from '@millrace/contracts';
import { run, type Running, type Settings } from '@millrace/platform';
import { announce } from './announce.ts';
import { readArguments } from './arguments.ts';
import { compose } from './compose.ts';
import { loadSettings } from './settings/all-settings.ts';
import { conflicts } from './settings/conflicts.ts';

export interface ProcessOptions {
  /** `standalone`, or the service's name. */
  readonly name: string;
  readonly services: readonly ServiceName[];
  readonly dist: URL;
}

/**
 * The whole of an app's `main.ts`: settings, then run until a signal. `--check-config` prints every problem and exits.
 * Exit code 2: arguments or settings are wrong; 1: the start failed.
 */
export async function startProcess(options: ProcessOptions): Promise<Running | undefined> {
  const instead = readArguments(process.argv.slice(2), new URL('../package.json', options.dist));
  if (instead) {
    (instead.code === 0 ? console.log : console.error)(instead.text);
    process.exit(instead.code);
  }
  const settings = readSettings();
  const problems = [...settings.problems, ...(settings.problems.length === 0 ? conflicts(settings) : [])];
  for (const { where, message } of problems) console.error(`${where}: ${message}`);
  if (problems.length > 0) process.exit(2);
  if (process.argv.includes('--check-config')) {
    console.log('The settings are fine.');
    return undefined;
  }
  try {
    const running = await run(options.name, settings, (logger) => compose(options, settings, logger));
    announce(running, settings);
    return running;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

/** A settings file that cannot be read ends the process. */
function readSettings(): Settings {
  try {
    return loadSettings();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}
