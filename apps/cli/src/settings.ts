export interface CliSettings {
  /** Where the server is, without a slash at the end. */
  readonly url: string;
  readonly key: string | undefined;
  /** What relative paths are relative to. */
  readonly cwd: string;
}

export const defaultUrl = 'http://127.0.0.1:8080';

/**
 * The only place of the CLI that reads the environment: `MILLRACE_URL`, `MILLRACE_KEY`, and where the person stood when
 * npm ran the script from the root of the repository.
 */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): CliSettings {
  const throughNpm = environment['npm_lifecycle_event'] === 'millrace';
  return {
    url: environment['MILLRACE_URL'] || defaultUrl,
    key: environment['MILLRACE_KEY'] || undefined,
    cwd: (throughNpm && environment['INIT_CWD']) || process.cwd(),
  };
}
