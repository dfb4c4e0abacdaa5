import { isLoopback, serverSettings, type Settings, type SettingsProblem } from '@millrace/platform';
import {
  kafkaSettings,
  postgresSettings,
  qdrantSettings,
  redisSettings,
  s3Settings,
} from './engine-settings.ts';

/** What no single field can tell. */
export function conflicts(settings: Settings): SettingsProblem[] {
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
