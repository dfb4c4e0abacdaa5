export * from './workers-dir.ts';
