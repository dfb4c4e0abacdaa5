export interface CliSettings {
  /** Where the server is, without a slash at the end. */
  readonly url: string;
  readonly key: string | undefined;
  /** What relative paths are relative to. */
  readonly cwd: string;
}

export const defaultUrl = 'http://127.0.0.1:8080';

/** A shell that has exported a server's port means that server. */
const urlAtPort = (port: string | undefined): string | undefined =>
  port && /^[1-9]\d*$/.test(port) ? `http://127.0.0.1:${port}` : undefined;

/**
 * The only place of the CLI that reads the environment: `MILLRACE_URL` or else `MILLRACE_PORT`, `MILLRACE_KEY`, and where the person stood when
 * npm ran the script from the root of the repository.
 */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): CliSettings {
  const throughNpm = environment['npm_lifecycle_event'] === 'millrace';
  return {
    url: environment['MILLRACE_URL'] || urlAtPort(environment['MILLRACE_PORT']) || defaultUrl,
    key: environment['MILLRACE_KEY'] || undefined,
    cwd: (throughNpm && environment['INIT_CWD']) || process.cwd(),
  };
}
