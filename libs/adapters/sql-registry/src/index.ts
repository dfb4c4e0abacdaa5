export { SqlRegistry, type SqlRegistryOptions } from './sql-registry.ts';
