import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { SettingsSource } from './settings.ts';

/** The only place that reads the environment. `MILLRACE_CONFIG` names the settings file, default `./millrace.yaml`. */
export function readSettingsSource(environment: NodeJS.ProcessEnv = process.env): SettingsSource {
  const path = environment['MILLRACE_CONFIG'] ?? 'millrace.yaml';
  if (!existsSync(path)) {
    if (environment['MILLRACE_CONFIG'])
      throw new Error(`MILLRACE_CONFIG names ${path}, which does not exist`);
    return { environment, file: {} };
  }
  const file: unknown = parse(readFileSync(path, 'utf8')) ?? {};
  if (typeof file !== 'object' || Array.isArray(file))
    throw new Error(`${path} must hold a mapping of settings`);
  return { environment, file: file as Record<string, unknown> };
}
