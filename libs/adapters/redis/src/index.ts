export { RedisQuotaLedger, type RedisQuotaLedgerOptions } from './quota-ledger/redis-quota-ledger.ts';
export { RedisCache, type RedisCacheOptions } from './redis-cache.ts';
