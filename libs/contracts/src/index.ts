export * from './calls.ts';
export * from './documents.ts';
export * from './errors.ts';
export * from './events.ts';
export * from './jobs.ts';
export * from './search.ts';
