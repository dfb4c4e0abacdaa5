export type { RedisOptions } from './connection/redis-options.ts';
export * from './work-queue/bull-work-queue.ts';
export * from './request-reply/redis-request-reply.ts';
