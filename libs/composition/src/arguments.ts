import { readFileSync } from 'node:fs';

const help = `Usage: npm start [-- OPTION]

Starts Millrace and runs it until Ctrl-C or SIGTERM.

  --check-config   say what is wrong with the settings, and end
  --version        say which version this is, and end
  --help           say this, and end

Settings are environment variables (MILLRACE_PORT=9000 npm start) or lines of millrace.yaml.
docs/reference/settings.md lists them all.`;

/** What to do instead of starting: print `text` and exit with `code`. */
export interface Instead {
  readonly text: string;
  readonly code: number;
}

/** What the arguments of a server ask for; undefined: nothing that keeps it from starting. */
export function readArguments(args: readonly string[], manifest: URL): Instead | undefined {
  const unknown = args.find((arg) => !known.has(arg));
  if (unknown !== undefined) return { text: `There is no option ${unknown}.\n\n${help}`, code: 2 };
  if (args.includes('--help')) return { text: help, code: 0 };
  if (args.includes('--version')) return { text: versionIn(manifest), code: 0 };
  return undefined;
}

const known: ReadonlySet<string> = new Set(['--check-config', '--version', '--help']);

const versionIn = (manifest: URL): string =>
  (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
