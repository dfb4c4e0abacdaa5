import { context, propagation, trace, type Context } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  AlwaysOffSampler,
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
} from '@opentelemetry/sdk-trace-node';
import { resourceOf } from './resource.ts';

/**
 * Starts tracing. Without a URL nothing is recorded, and only the ids travel; a caller's wish that others record goes on
 * with them. Returns what flushes and stops it.
 */
export function startTracing(service: string, otlpUrl: string | undefined): () => Promise<void> {
  const provider = new NodeTracerProvider({
    resource: resourceOf(service),
    ...(otlpUrl
      ? { spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: otlpUrl }))] }
      : { sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }) }),
  });
  provider.register();
  return async () => {
    await provider.shutdown();
    trace.disable();
    context.disable();
    propagation.disable();
  };
}

/** `traceparent` and its kin, for message headers. */
export function traceHeaders(): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}

export const traceContextOf = (headers: Readonly<Record<string, unknown>>): Context =>
  propagation.extract(context.active(), headers);
