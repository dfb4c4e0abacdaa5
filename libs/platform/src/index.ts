export * from './auth/authenticator.ts';
export { KnownKeys } from './auth/known-keys.ts';
export { Refusals, type Refusal } from './auth/refusals.ts';
export { bootstrap, type Composed, type Running } from './bootstrap/bootstrap.ts';
export * from './bootstrap/run.ts';
export { untilSignal } from './bootstrap/until-signal.ts';
export * from './config/environment.ts';
export * from './config/server-settings.ts';
export * from './config/settings.ts';
export { DriftModule } from './drift/drift.module.ts';
export { DriftMonitor } from './drift/drift-monitor.ts';
export { driftSettings } from './drift/drift-settings.ts';
export { DriftWatch, type Drift } from './drift/drift-watch.ts';
export { VectorFeatures } from './drift/features.ts';
export * from './health/health.ts';
export { closeWithin } from './http/close-within.ts';
export { endSignal } from './http/end-signal.ts';
export { retryAfterOf } from './http/error-answer.ts';
export { errorFrame } from './http/event-stream.ts';
export { createHttpServer } from './http/http-server.ts';
export { bindOperations } from './http/operations.ts';
export { isLoopback } from './http/origin-guard.ts';
export * from './http/reply.ts';
export * from './http/route-request.ts';
export { Caller, type CallerOptions } from './messaging/caller.ts';
export { DeadLetterPublisher } from './messaging/dead-letter-publisher.ts';
export * from './messaging/event-codec.ts';
export { EventPublisher } from './messaging/event-publisher.ts';
export {
  HandleCall,
  HandleDeadLetters,
  HandleEvent,
  HandleJob,
  HandleRoute,
  type EventContext,
  type HandlerContext,
  type JobContext,
} from './messaging/handlers.ts';
export { letterPayload } from './messaging/letter-payload.ts';
export { LastKnown } from './messaging/last-known.ts';
export * from './telemetry/logger.ts';
export { Sparing } from './telemetry/sparing.ts';
export {
  countDeadLetter,
  countRefusal,
  MetricsEndpoint,
  observeCounter,
  observeGauge,
  recordGroundedness,
  recordWait,
} from './telemetry/metrics.ts';
export * from './tokens.ts';
