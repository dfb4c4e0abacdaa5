import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The house's own rules, without those that need types: a planted file need not exist. */
const eslint = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] });

/** Rules that refuse the line in a file of that folder. */
async function refusals(folder: string, line: string): Promise<string[]> {
  const [result] = await eslint.lintText(`${line}\n`, { filePath: `${root}${folder}/planted.ts` });
  const rules = result?.messages.map(({ ruleId, message }) => ruleId ?? message) ?? ['not linted'];
  return rules.filter((rule) => rule !== '@typescript-eslint/no-unused-vars');
}

const imports = (name: string) => `import { x } from '${name}'; export const y = x;`;
const boundary = ['@nx/enforce-module-boundaries'];
const restricted = ['no-restricted-imports'];
const syntax = ['no-restricted-syntax'];

beforeAll(() => {
  execFileSync(process.execPath, [`${root}node_modules/nx/dist/bin/nx.js`, 'show', 'projects'], {
    cwd: root,
    env: { ...process.env, NX_DAEMON: 'false' },
  });
});

describe('lint refuses', () => {
  it.each([
    [
      'a service that imports an adapter',
      'libs/services/ingestion/src',
      imports('@millrace/adapters/sqlite'),
      boundary,
    ],
    [
      'a service that imports another service',
      'libs/services/ingestion/src',
      imports('@millrace/services/control'),
      boundary,
    ],
    [
      'a service that imports composition',
      'libs/services/ingestion/src',
      imports('@millrace/composition'),
      boundary,
    ],
    [
      'a service that imports what only tests have',
      'libs/services/ingestion/src',
      imports('openai'),
      restricted,
    ],
    ['an adapter that imports a tool', 'libs/adapters/redis/src', imports('esbuild'), restricted],
    ['composition that imports a test runner', 'libs/composition/src', imports('vitest'), restricted],
    ['contracts that import ports', 'libs/contracts/src', imports('@millrace/ports'), boundary],
    ['ports that import the platform', 'libs/ports/src', imports('@millrace/platform'), boundary],
    [
      'the platform that imports composition',
      'libs/platform/src',
      imports('@millrace/composition'),
      boundary,
    ],
    [
      'an adapter that imports the platform',
      'libs/adapters/sqlite/src',
      imports('@millrace/platform'),
      boundary,
    ],
    [
      'an adapter that imports another adapter',
      'libs/adapters/sqlite/src',
      imports('@millrace/adapters/onnx'),
      boundary,
    ],
    ['an app that imports an adapter', 'apps/standalone/src', imports('@millrace/adapters/sqlite'), boundary],
    ['the CLI that imports the platform', 'apps/cli/src', imports('@millrace/platform'), boundary],
    ['the console that imports ports', 'apps/console/src', imports('@millrace/ports'), boundary],
    [
      'a relative path into another project',
      'libs/ports/src',
      imports('../../contracts/src/errors.ts'),
      boundary,
    ],
    [
      'a file inside another project',
      'libs/ports/src',
      imports('@millrace/contracts/src/errors.ts'),
      restricted,
    ],
    [
      'a file inside a service',
      'libs/composition/src',
      imports('@millrace/services/control/src/x.ts'),
      restricted,
    ],
    ['kafkajs outside its adapter', 'libs/services/ingestion/src', imports('kafkajs'), restricted],
    ['bullmq in another adapter', 'libs/adapters/sqlite/src', imports('bullmq'), restricted],
    ['node:sqlite in a service', 'libs/services/control/src', imports('node:sqlite'), restricted],
    ...['node:fs', 'fs/promises', 'node:child_process', 'node:net', 'node:http', 'node:worker_threads'].map(
      (name): [string, string, string, string[]] => [
        `${name} in a service, which goes through ports`,
        'libs/services/ingestion/src',
        imports(name),
        restricted,
      ],
    ),
    [
      'createRequire in a service',
      'libs/services/ingestion/src',
      "import { createRequire } from 'node:module'; export const x = createRequire;",
      restricted,
    ],
    [
      'node:fs by a late import',
      'libs/services/ingestion/src',
      "export const x = import('node:fs/promises');",
      syntax,
    ],
    [
      'a module of Node by its name',
      'libs/services/ingestion/src',
      "export const x = process.getBuiltinModule('fs');",
      syntax,
    ],
    ...['contracts', 'ports', 'text'].map((lib): [string, string, string, string[]] => [
      `node:fs in ${lib}`,
      `libs/${lib}/src`,
      imports('node:fs'),
      restricted,
    ]),
    ['a module named late', 'libs/services/retrieval/src', 'export const x = import(`node:fs`);', syntax],
    [
      'a call by HTTP in a service',
      'libs/services/retrieval/src',
      "export const x = fetch('http://a');",
      syntax,
    ],
    [
      'a call by HTTP by way of globalThis',
      'libs/services/retrieval/src',
      "export const x = globalThis.fetch('http://a');",
      syntax,
    ],
    [
      'fetch under another name',
      'libs/services/retrieval/src',
      'export const { fetch: x } = globalThis;',
      syntax,
    ],
    ['fetch handed on', 'libs/services/retrieval/src', 'export const x = [fetch];', syntax],
    [
      'a socket of the web',
      'libs/services/retrieval/src',
      "export const x = new WebSocket('ws://a');",
      syntax,
    ],
    ['a package that another one brought', 'libs/services/retrieval/src', imports('undici'), restricted],
    [
      'the same by a late import',
      'libs/services/retrieval/src',
      "export const x = import('undici');",
      syntax,
    ],
    [
      'the environment by way of globalThis',
      'libs/services/retrieval/src',
      "export const x = globalThis.process.env['X'];",
      syntax,
    ],
    ['onnxruntime-node in the platform', 'libs/platform/src', imports('onnxruntime-node'), restricted],
    [
      'node:sqlite by a late import',
      'libs/services/control/src',
      "export const x = import('node:sqlite');",
      syntax,
    ],
    [
      'what is made for tests in an adapter',
      'libs/adapters/filesystem/src',
      imports('@millrace/testing'),
      restricted,
    ],
    ['an SDK by a path inside it', 'libs/services/ingestion/src', imports('@aws-sdk/client-s3'), restricted],
    [
      'the environment in a service',
      'libs/services/ingestion/src',
      'export const x = process.env.X;',
      syntax,
    ],
    [
      'the environment by another spelling',
      'libs/services/ingestion/src',
      "export const x = process['env'];",
      syntax,
    ],
    ['the environment taken apart', 'libs/adapters/sqlite/src', 'export const { env } = process;', syntax],
    [
      'the environment by import',
      'libs/composition/src',
      "import { env } from 'node:process'; export { env };",
      restricted,
    ],
  ])('%s', async (_what, folder, line, rules) => {
    expect(await refusals(folder, line)).toEqual(rules);
  });
});

describe('lint accepts', () => {
  it.each([
    [
      'a service on ports and text',
      'libs/services/ingestion/src',
      "import '@millrace/ports'; import '@millrace/text';",
    ],
    [
      'a service on contracts and platform',
      'libs/services/control/src',
      "import '@millrace/contracts'; import '@millrace/platform';",
    ],
    [
      'a service on what of Node only computes',
      'libs/services/moderation/src',
      "import 'node:crypto'; import 'node:timers/promises'; import { isIPv4 } from 'node:net'; export { isIPv4 };",
    ],
    ['files in an adapter', 'libs/adapters/sqlite/src', imports('node:fs')],
    ['an adapter on ports', 'libs/adapters/sqlite/src', imports('@millrace/ports')],
    ['SQLite in its adapter', 'libs/adapters/sqlite/src', imports('node:sqlite')],
    ['onnxruntime in its adapter', 'libs/adapters/onnx/src', imports('onnxruntime-node')],
    [
      'composition on services and adapters',
      'libs/composition/src',
      "import '@millrace/services/control'; import '@millrace/adapters/sqlite';",
    ],
    ['an app on composition', 'apps/standalone/src', imports('@millrace/composition')],
    ['the environment in config', 'libs/platform/src/config', 'export const x = process.env;'],
  ])('%s', async (_what, folder, line) => {
    expect(await refusals(folder, line)).toEqual([]);
  });
});
