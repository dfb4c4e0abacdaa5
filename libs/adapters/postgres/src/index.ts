export { postgresDialect, type PostgresDialectOptions } from './postgres-dialect.ts';
export { ScratchDatabase } from './testing/scratch-database.ts';
