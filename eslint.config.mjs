// Lint is the architect: who may import whom is decided here, by the tags in each project.json.
import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const may = (sourceTag, ...onlyDependOnLibsWithTags) => ({ sourceTag, onlyDependOnLibsWithTags });

/** Outside systems and their clients: each only inside the adapter that is named for it. */
const adapterOnly = [
  'kafkajs',
  'bullmq',
  'ioredis',
  '@qdrant/js-client-rest',
  '@aws-sdk/*',
  'pg',
  'kysely',
  'node:sqlite',
  'sqlite-vec',
  'onnxruntime-node',
  'unpdf',
  'mammoth',
  'postal-mime',
  'audio-decode',
  'llama-tokenizer-js',
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
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
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
            ),
            may('type:app', 'type:composition', 'type:platform', 'type:contracts'),
            may('type:client', 'type:contracts'),
            may('type:testing', 'type:contracts', 'type:ports'),
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
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Settings are read in libs/platform/src/config only.',
        },
      ],
    },
  },
  {
    files: ['libs/**/*.ts', 'apps/**/*.ts'],
    ignores: ['libs/adapters/**', '**/*.spec.ts', 'apps/e2e/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: adapterOnly, message: 'Only its adapter may import this.' }] },
      ],
    },
  },
  {
    files: ['libs/platform/src/config/**', 'tools/**', 'libs/testing/**', 'apps/e2e/**'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
