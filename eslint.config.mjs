// Lint is the architect: who may import whom is decided here, by the tags in each project.json.
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const may = (sourceTag, ...onlyDependOnLibsWithTags) => ({ sourceTag, onlyDependOnLibsWithTags });

const adapters = readdirSync(new URL('libs/adapters/', import.meta.url));

/** The packages that an adapter speaks to its outside system through: `metadata.clients` in its project.json. */
const clientsOf = (adapter) => {
  const project = new URL(`libs/adapters/${adapter}/project.json`, import.meta.url);
  return JSON.parse(readFileSync(project, 'utf8')).metadata?.clients ?? [];
};

const clients = new Map(adapters.map((adapter) => [adapter, clientsOf(adapter)]));

const foreignNames = (adapter) =>
  [...new Set([...clients.values()].flat())].filter((name) => !clients.get(adapter)?.includes(name));
const notHere =
  'An outside system is spoken to in its own adapter only: see metadata.clients in the project.json of the adapters.';

/** Specs, what they share, and the programs they start. */
const testFiles = [
  '**/*.spec.ts',
  '**/*.host.ts',
  '**/*-harness.ts',
  '**/*-process.ts',
  '**/testing/**/*.ts',
];

/** What of Node only computes or waits. Files, sockets, processes and modules loaded by name are the outside. */
const innerModules = new Set([
  'assert',
  'async_hooks',
  'buffer',
  'crypto',
  'events',
  'timers',
  'timers/promises',
  'url',
  'util',
]);

const outerModules = builtinModules
  .filter((name) => !foreignNames().includes(name))
  .map((name) => name.replace(/^node:/, ''))
  .filter((name) => !innerModules.has(name) && name !== 'net');
const throughPorts =
  'Contracts, ports, text and services reach the outside through ports alone: see libs/ports.';

/** The rest of Node, as what stands inside may not import it; of `net` it may tell addresses apart. */
const outside = [
  { regex: `^(node:)?(${outerModules.join('|')})$`, message: throughPorts },
  { regex: '^(node:)?net$', allowImportNames: ['isIP', 'isIPv4', 'isIPv6'], message: throughPorts },
];

const { dependencies, devDependencies } = JSON.parse(
  readFileSync(new URL('package.json', import.meta.url), 'utf8'),
);
const declared = Object.keys({ ...dependencies, ...devDependencies }).join('|');
/** A package that is there because another one brought it, by an import of either kind. */
const undeclared = `^(?![./]|@millrace\\/|node:|(?:${[declared, ...builtinModules].join('|').replaceAll('/', '\\/')})(?:\\/|$))`;
const declareIt = 'Declare in package.json what is imported.';

/** What an installation does not have. */
const notShipped = {
  regex: `^(?:${Object.keys(devDependencies).join('|').replaceAll('/', '\\/')})(?:\\/|$)`,
  message: 'What services run with stands under dependencies in package.json.',
};

/** What the files of one adapter, or of none, may not import. */
const foreignTo = (adapter, { test = false, more = [] } = {}) => [
  'error',
  {
    patterns: [
      ...more,
      { regex: undeclared, message: declareIt },
      { group: foreignNames(adapter).map((name) => `/${name}`), message: notHere },
      ...(test
        ? []
        : [
            { group: ['@millrace/testing'], message: 'Only tests import what is made for tests.' },
            notShipped,
          ]),
      {
        group: ['@millrace/*/src/**', '@millrace/*/*/src/**'],
        message: 'Import the project, not a file inside it.',
      },
      {
        regex: '^(node:)?process$',
        message: 'Use the global; settings are read in libs/platform/src/config only.',
      },
    ],
  },
];

const settingsElsewhere = [
  "MemberExpression[object.name='process'] > .property[name='env']",
  "MemberExpression[object.name='process'] > .property[value='env']",
  "VariableDeclarator[init.name='process']",
  "MemberExpression[object.name='globalThis'] > .property:matches([name='process'], [value='process'])",
].map((selector) => ({ selector, message: 'Settings are read in libs/platform/src/config only.' }));

/** Zod's own message quotes the pattern. */
const wordless = {
  selector: "CallExpression[callee.property.name='regex'][arguments.length=1]",
  message: 'Say in words what fits: callers read it.',
};

/** `no-restricted-imports` does not see `await import('x')`. */
const dynamicImportOf = (names, message = notHere) => ({
  selector: `ImportExpression[source.value=/^(${names
    .map((name) => name.replace('/*', '/.*'))
    .join('|')
    .replaceAll('/', '\\/')})$/]`,
  message,
});

/** What reaches the network without an import. */
const webClients = 'fetch|WebSocket|EventSource|XMLHttpRequest';

/** The ways around an import. */
const outsideByName = [
  dynamicImportOf(
    [...outerModules, 'net'].flatMap((name) => [name, `node:${name}`]),
    throughPorts,
  ),
  {
    selector: "MemberExpression > .property:matches([name='getBuiltinModule'], [value='getBuiltinModule'])",
    message: throughPorts,
  },
  { selector: 'ImportExpression > :not(Literal).source', message: 'Name what is imported.' },
  { selector: `ImportExpression[source.value=/${undeclared}/]`, message: declareIt },
  { selector: `Identifier[name=/^(${webClients})$/]`, message: throughPorts },
  { selector: `MemberExpression > .property[value=/^(${webClients})$/]`, message: throughPorts },
];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.nx/**', '.millrace/**', '**/fixtures/**'] },
  js.configs.recommended,
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        Buffer: 'readonly',
        AbortSignal: 'readonly',
      },
    },
  },
  ...nx.configs['flat/base'],
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    // Not the project service, as which all of it takes a third longer.
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: [],
          enforceBuildableLibDependency: false,
          banTransitiveDependencies: false,
          depConstraints: [
            may('type:contracts', 'type:contracts'),
            may('type:text', 'type:text', 'type:contracts'),
            may('type:ports', 'type:contracts'),
            may('type:platform', 'type:contracts', 'type:ports'),
            may('type:service', 'type:contracts', 'type:ports', 'type:platform', 'type:text'),
            may('type:adapter', 'type:contracts', 'type:ports', 'type:text', 'type:testing'),
            may(
              'type:composition',
              'type:contracts',
              'type:ports',
              'type:platform',
              'type:service',
              'type:adapter',
              'type:testing',
            ),
            may('type:app', 'type:composition', 'type:platform', 'type:contracts'),
            may('type:client', 'type:contracts'),
            may('type:testing', 'type:contracts', 'type:ports'),
            may(
              'type:tool',
              'type:tool',
              'type:contracts',
              'type:ports',
              'type:text',
              'type:platform',
              'type:composition',
              'type:testing',
              'type:adapter',
            ),
            may(
              'type:e2e',
              'type:contracts',
              'type:ports',
              'type:testing',
              'type:composition',
              'type:platform',
            ),
          ],
        },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/require-await': 'off',
      'no-restricted-syntax': ['error', ...settingsElsewhere, wordless, dynamicImportOf(foreignNames())],
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    rules: { 'no-restricted-imports': foreignTo(undefined, { test: true }) },
  },
  {
    files: ['libs/{contracts,ports,text,services}/**/*.ts'],
    rules: {
      'no-restricted-imports': foreignTo(undefined, { test: true, more: [...outside, notShipped] }),
      'no-restricted-syntax': [
        'error',
        ...settingsElsewhere,
        wordless,
        dynamicImportOf(foreignNames()),
        ...outsideByName,
      ],
    },
  },
  {
    files: ['libs/{platform,composition}/**/*.ts'],
    rules: { 'no-restricted-imports': foreignTo(undefined, { test: true, more: [notShipped] }) },
  },
  {
    files: testFiles.map((pattern) => `libs/{contracts,ports,text,services,platform,composition}/${pattern}`),
    rules: { 'no-restricted-imports': foreignTo(undefined, { test: true }) },
  },
  ...adapters.flatMap((adapter) => [
    {
      files: [`libs/adapters/${adapter}/**/*.ts`],
      rules: {
        'no-restricted-imports': foreignTo(adapter),
        'no-restricted-syntax': [
          'error',
          ...settingsElsewhere,
          wordless,
          dynamicImportOf(foreignNames(adapter)),
        ],
      },
    },
    {
      files: testFiles.map((pattern) => `libs/adapters/${adapter}/${pattern}`),
      rules: { 'no-restricted-imports': foreignTo(adapter, { test: true }) },
    },
  ]),
  {
    files: ['tools/bench/bare-loop.ts', 'tools/bench/measurements/graph.ts'],
    rules: { 'no-restricted-imports': foreignTo('onnx', { test: true }) },
  },
  {
    files: ['tools/bench/call-contenders.ts'],
    rules: { 'no-restricted-imports': foreignTo('bullmq', { test: true }) },
  },
  {
    files: ['tools/bench/measurements/event-log.ts'],
    rules: { 'no-restricted-imports': foreignTo('kafka', { test: true }) },
  },
  // What comes from outside, and what befalls engines, does not come through an adapter.
  {
    files: ['apps/e2e/src/outside/topic-producer.ts'],
    rules: { 'no-restricted-imports': foreignTo('kafka', { test: true }) },
  },
  {
    files: ['apps/e2e/src/outside/engines.ts'],
    rules: { 'no-restricted-imports': foreignTo('redis', { test: true }) },
  },
  {
    files: ['apps/e2e/src/outside/inbox.ts'],
    rules: { 'no-restricted-imports': foreignTo('s3', { test: true }) },
  },
  {
    files: ['apps/e2e/src/outside/event-file.ts', 'apps/e2e/src/outside/tampered-registry.ts'],
    rules: { 'no-restricted-imports': foreignTo('sqlite', { test: true }) },
  },
  {
    files: [
      'libs/platform/src/config/**',
      'apps/cli/src/settings.ts',
      'tools/**',
      'libs/testing/**',
      'apps/e2e/**',
    ],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
