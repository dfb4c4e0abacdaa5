import { Command } from 'commander';
import { addAsk } from './commands/ask.ts';
import { addAudit } from './commands/audit.ts';
import { addDeadLetters } from './commands/dlq.ts';
import { addErase } from './commands/erase.ts';
import { addKeys } from './commands/keys.ts';
import { addModels } from './commands/models.ts';
import { addPush } from './commands/push.ts';
import { addReplay } from './commands/replay.ts';
import { addSearch } from './commands/search.ts';
import { addStatus } from './commands/status.ts';
import { addTenants } from './commands/tenants.ts';
import { addUsage } from './commands/usage.ts';
import { addTranscribe } from './commands/transcribe.ts';
import type { Run } from './context.ts';
import { defaultUrl } from './settings.ts';
import { readVersion } from './version.ts';

const examples = `
Start a server with npm start, then:
  $ millrace push docs/                          push a folder and watch it become searchable
  $ millrace ask "How do I rotate the keys?"     a cited answer from those documents
  $ millrace search "key rotation" --top-k 3     the passages themselves
  $ millrace status                              what is where

From a checkout: npm run millrace -- push docs/
"millrace COMMAND --help" shows a command's options and examples.`;

/** The whole command line. */
export function program(run: Run): Command {
  const root = new Command('millrace')
    .description('Push documents to a Millrace server, search them, ask them, and look after the server.')
    .version(readVersion(), '--version')
    .option(
      '--url <url>',
      `the server (MILLRACE_URL, or MILLRACE_PORT on this machine; default ${defaultUrl})`,
    )
    .option('--key <key>', 'the access key (better: MILLRACE_KEY)')
    .option('--json', 'the result as JSON on stdout; everything else goes to stderr')
    .showHelpAfterError('(--help shows what is possible)')
    .exitOverride()
    .addHelpText('after', examples);
  for (const add of commands) add(root, run);
  return root;
}

const commands = [
  addPush,
  addAsk,
  addSearch,
  addStatus,
  addErase,
  addTranscribe,
  addModels,
  addDeadLetters,
  addReplay,
  addTenants,
  addUsage,
  addAudit,
  addKeys,
];
