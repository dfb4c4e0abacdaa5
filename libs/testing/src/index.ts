export * from './bundle-program.ts';
export * from './models-dir.ts';
export * from './random-numbers.ts';
export * from './shared-data.ts';
export * from './workers-dir.ts';
export * from './conformance/event-log.ts';
export * from './conformance/harness.ts';
export * from './conformance/work-queue.ts';
export * from './conformance/request-reply.ts';
export * from './conformance/blob-store.ts';
export * from './conformance/cache.ts';
export * from './conformance/quota-ledger.ts';
export * from './conformance/text-classifier.ts';
export * from './conformance/vector-store.ts';
export * from './conformance/registry.ts';
export * from './engines.ts';
export * from './free-port.ts';
export * from './leak-proof/index.ts';
export * from './line.ts';
export * from './tone.ts';
export * from './process-tree.ts';
export * from './mock-back-end/completion-frames.ts';
export * from './mock-back-end/fault-table.ts';
export * from './mock-back-end/mock-back-end.ts';
export * from './mock-back-end/plays.ts';
export {
  faultPatience,
  withAnother,
  type ClientView,
  type Fault,
  type Outcome,
  type UsageRecorded,
} from './mock-back-end/faults/fault.ts';
export { textFaults } from './mock-back-end/faults/text-streams.ts';
export { told } from './mock-back-end/faults/told-text.ts';
