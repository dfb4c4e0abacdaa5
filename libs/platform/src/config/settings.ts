import type { z } from 'zod';

/** One setting: how it is read, what it is when unset, and why it exists. */
export interface SettingSpec<S extends z.ZodType = z.ZodType> {
  /** Reads the text of an environment variable or the value in `millrace.yaml`; its default is the setting's. */
  readonly schema: S;
  /** What it is for and when to change it, unit included. */
  readonly reason: string;
  readonly unit?: string;
  /** Shown as `***` everywhere. */
  readonly secret?: boolean;
}

export type SettingFields = Readonly<Record<string, SettingSpec>>;

/** The settings of one lib: declared beside the code that reads them. */
export interface SettingsGroup<F extends SettingFields = SettingFields> {
  /** `embedding` -> `MILLRACE_EMBEDDING_*` and `embedding:` in the file; the empty name is the top level. */
  readonly name: string;
  readonly fields: F;
  /** NestJS injection token of the parsed values. */
  readonly token: symbol;
}

export type SettingsOf<G extends SettingsGroup> = {
  readonly [K in keyof G['fields']]: z.output<G['fields'][K]['schema']>;
};

export const defineSettings = <const F extends SettingFields>(name: string, fields: F): SettingsGroup<F> => ({
  name,
  fields,
  token: Symbol(`settings:${name || 'server'}`),
});

/** `maxBodyMb` of group `http` -> `MILLRACE_HTTP_MAX_BODY_MB`. */
export const variableName = (group: string, field: string): string =>
  ['MILLRACE', group, snake(field)].filter(Boolean).join('_').toUpperCase();

/** `maxBodyMb` -> `max_body_mb`, its name in the file. */
export const snake = (field: string): string =>
  field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export interface SettingsProblem {
  /** Variable or file path. */
  readonly where: string;
  readonly message: string;
}

/** Where raw values come from: environment first, then the file. */
export interface SettingsSource {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly file: Readonly<Record<string, unknown>>;
}

/** Where the settings file is, and what the CLI reads: it may be set in the shell that starts a server. */
const notOfServers = ['MILLRACE_CONFIG', 'MILLRACE_URL', 'MILLRACE_KEY'];

/** Parsed values of all groups, and every problem at once. */
export class Settings {
  readonly problems: SettingsProblem[] = [];
  private readonly values = new Map<symbol, Record<string, unknown>>();

  constructor(
    readonly groups: readonly SettingsGroup[],
    source: SettingsSource,
  ) {
    for (const group of groups) this.values.set(group.token, this.parse(group, source));
    this.reportUnknown(source);
  }

  of<G extends SettingsGroup>(group: G): SettingsOf<G> {
    const values = this.values.get(group.token);
    if (!values) throw new Error(`settings group ${group.name} is not part of this process`);
    return values as SettingsOf<G>;
  }

  private parse(group: SettingsGroup, source: SettingsSource): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    for (const [field, spec] of Object.entries(group.fields)) {
      const { raw, where } = this.raw(group.name, field, source);
      const parsed = spec.schema.safeParse(raw);
      if (parsed.success) values[field] = parsed.data;
      else
        for (const issue of parsed.error.issues)
          this.problems.push({ where, message: `${issue.message}. ${spec.reason}` });
    }
    return values;
  }

  private raw(group: string, field: string, { environment, file }: SettingsSource) {
    const variable = variableName(group, field);
    const fromEnvironment = environment[variable];
    if (fromEnvironment !== undefined && fromEnvironment !== '')
      return { raw: fromEnvironment, where: variable };
    const section = group ? (file[group] as Record<string, unknown> | undefined) : file;
    return {
      raw: section?.[snake(field)],
      where: `millrace.yaml: ${[group, snake(field)].filter(Boolean).join('.')}`,
    };
  }

  /** A misspelt setting must not be ignored. */
  private reportUnknown({ environment, file }: SettingsSource): void {
    const variables = new Set<string>(notOfServers);
    const paths = new Set<string>();
    for (const group of this.groups)
      for (const field of Object.keys(group.fields)) {
        variables.add(variableName(group.name, field));
        paths.add([group.name, snake(field)].filter(Boolean).join('.'));
      }
    for (const name of Object.keys(environment))
      if (name.startsWith('MILLRACE_') && !variables.has(name))
        this.problems.push({
          where: name,
          message: 'There is no such setting. See docs/reference/settings.md.',
        });
    for (const path of filePaths(file, new Set(this.groups.map((group) => group.name))))
      if (!paths.has(path))
        this.problems.push({
          where: `millrace.yaml: ${path}`,
          message: 'There is no such setting. See docs/reference/settings.md.',
        });
  }
}

const filePaths = (file: Readonly<Record<string, unknown>>, groups: ReadonlySet<string>): string[] =>
  Object.entries(file).flatMap(([key, value]) =>
    groups.has(key) && typeof value === 'object' && value !== null
      ? Object.keys(value).map((field) => `${key}.${field}`)
      : [key],
  );
