import { defineConfig } from 'vitest/config';

/** Suites by size: `*.spec.ts` has no I/O, `*.medium.spec.ts` real models, files and
 * processes, `*.engine.spec.ts` the servers of `npm run engines`, `apps/e2e` the whole product, but for its
 * `*.unit.spec.ts`. */
export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    // Vitest leaves a processor free, which of two is half.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          testTimeout: 30_000,
          // Nothing here leaves a trace in a module, and most of the time went to importing them again for each file.
          isolate: false,
          include: ['{libs,apps,tools}/**/*.spec.{ts,tsx}'],
          exclude: ['**/*.{medium,engine}.spec.ts', 'apps/e2e/**/!(*.unit).spec.ts', '**/node_modules/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'medium',
          globalSetup: ['libs/testing/src/build-workers.setup.ts'],
          include: ['{libs,apps,tools}/**/*.medium.spec.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'engines',
          globalSetup: ['libs/testing/src/build-workers.setup.ts'],
          include: ['{libs,apps,tools}/**/*.engine.spec.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Much of it is waiting; more at a time would be a load that the engines show.
          maxWorkers: 3,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          globalSetup: ['libs/testing/src/build-everything.setup.ts'],
          include: ['apps/e2e/**/*.spec.ts'],
          exclude: ['apps/e2e/**/{console,topics}*.spec.ts', 'apps/e2e/**/*.unit.spec.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Each file starts servers of its own, and waits about as often as it computes.
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'distributed',
          env: { MILLRACE_E2E_PROFILE: 'distributed' },
          globalSetup: ['libs/testing/src/build-everything.setup.ts'],
          include: ['apps/e2e/**/*.spec.ts'],
          exclude: ['apps/e2e/**/{console,origin,start}*.spec.ts', 'apps/e2e/**/*.unit.spec.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'console',
          globalSetup: ['libs/testing/src/build-everything.setup.ts'],
          include: ['apps/e2e/**/console*.spec.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
