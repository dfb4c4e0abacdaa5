export * from './cache/memory-cache.ts';
export * from './request-reply/memory-request-reply.ts';
