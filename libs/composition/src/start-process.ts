import type { ServiceName } from '@millrace/contracts';
import {
  isLoopback,
  run,
  serverSettings,
  type Running,
  type Settings,
  type SettingsProblem,
} from '@millrace/platform';
import { announce } from './announce.ts';
import { readArguments } from './arguments.ts';
import { compose } from './compose.ts';
import { loadSettings } from './settings/all-settings.ts';
import {
  kafkaSettings,
  postgresSettings,
  qdrantSettings,
  redisSettings,
  s3Settings,
} from './settings/engine-settings.ts';

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

/** What no single field can tell. */
function conflicts(settings: Settings): SettingsProblem[] {
  const { profile, host, adminKey } = settings.of(serverSettings);
  const problems: SettingsProblem[] = [];
  if (!adminKey && !isLoopback(host))
    problems.push({
      where: 'MILLRACE_HOST',
      message: `${host} can be reached from other machines: set MILLRACE_ADMIN_KEY (16 characters or more) first.`,
    });
  if (profile === 'distributed') problems.push(...missingEngines(settings, adminKey));
  return problems;
}

/** The distributed profile has no defaults for where its engines are, and is never open to everybody. */
function missingEngines(settings: Settings, adminKey: string | undefined): SettingsProblem[] {
  const needed = {
    MILLRACE_ADMIN_KEY: adminKey,
    MILLRACE_KAFKA_BROKERS: settings.of(kafkaSettings).brokers,
    MILLRACE_REDIS_URL: settings.of(redisSettings).url,
    MILLRACE_POSTGRES_URL: settings.of(postgresSettings).url,
    MILLRACE_S3_BUCKET: settings.of(s3Settings).bucket,
    MILLRACE_S3_ACCESS_KEY: settings.of(s3Settings).accessKey,
    MILLRACE_S3_SECRET_KEY: settings.of(s3Settings).secretKey,
    MILLRACE_QDRANT_URL: settings.of(qdrantSettings).url,
  };
  return Object.entries(needed)
    .filter(([, value]) => value === undefined)
    .map(([where]) => ({
      where,
      message: 'The distributed profile needs it: see docs/reference/settings.md.',
    }));
}
