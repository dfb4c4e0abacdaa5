/** Where the bundled worker entry points lie, for adapters under test. */
export const workersDir = new URL('../../../dist/workers/', import.meta.url);
