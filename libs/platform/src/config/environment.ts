import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { SettingsSource } from './settings.ts';

/**
 * The only place that reads the environment. `MILLRACE_CONFIG` names the settings file, default `./millrace.yaml`.
 * Throws a sentence to print when the file cannot be read.
 */
export function readSettingsSource(environment: NodeJS.ProcessEnv = process.env): SettingsSource {
  const named = environment['MILLRACE_CONFIG'];
  const path = named || 'millrace.yaml';
  if (!existsSync(path)) {
    if (named)
      throw new Error(
        `MILLRACE_CONFIG names ${path}, which does not exist. Correct the path, or unset the variable.`,
      );
    return { environment, file: {} };
  }
  const file: unknown = readYaml(path) ?? {};
  if (typeof file !== 'object' || Array.isArray(file))
    throw new Error(
      `${path} must hold settings as lines such as "port: 9000". See docs/reference/settings.md.`,
    );
  return { environment, file: file as Record<string, unknown> };
}

function readYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    // The lines after the first quote the file, which may hold secrets.
    const [what] = String(cause instanceof Error ? cause.message : cause).split('\n');
    throw new Error(`The settings file ${path} cannot be read: ${what}`, { cause });
  }
}
