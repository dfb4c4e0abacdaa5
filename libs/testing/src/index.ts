export * from './models-dir.ts';
export * from './workers-dir.ts';
export * from './conformance/event-log.ts';
export * from './conformance/harness.ts';
export * from './conformance/work-queue.ts';
