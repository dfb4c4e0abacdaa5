export * from './event-log/event-log.ts';
export * from './quota-ledger/quota-ledger.ts';
export { SqliteVectorStore, type VectorStoreOptions } from './vector-store/vector-store.ts';
export * from './work-queue/work-queue.ts';
export { sqliteDialect, type SqliteDialectOptions } from './kysely-dialect.ts';
