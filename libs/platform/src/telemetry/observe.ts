import { context, SpanKind, SpanStatusCode, trace, type Attributes, type Span } from '@opentelemetry/api';
import { MillraceError } from '@millrace/contracts';
import { recordHandled, recordWait } from './metrics.ts';
import { traceContextOf } from './tracing.ts';

export interface Observation {
  readonly kind: 'route' | 'event' | 'job' | 'call';
  readonly name: string;
  /** Headers of the message, whose trace goes on here. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds when the message was sent, if it waited. */
  readonly sentAt?: number | undefined;
  readonly attributes?: Attributes;
}

const spanKinds = {
  route: SpanKind.SERVER,
  event: SpanKind.CONSUMER,
  job: SpanKind.CONSUMER,
  call: SpanKind.SERVER,
};

/** The one wrapper around every handler: span, wait, duration and outcome under the same names everywhere. */
export async function observe<T>(observation: Observation, run: (span: Span) => Promise<T>): Promise<T> {
  const { kind, name, headers, sentAt, attributes } = observation;
  const parent = traceContextOf(headers);
  const span = trace
    .getTracer('millrace')
    .startSpan(`${kind} ${name}`, { kind: spanKinds[kind], attributes: attributes ?? {} }, parent);
  if (sentAt !== undefined) recordWait((Date.now() - sentAt) / 1000, { kind, name });
  const started = performance.now();
  let outcome = 'ok';
  try {
    return await context.with(trace.setSpan(parent, span), () => run(span));
  } catch (error) {
    outcome = MillraceError.from(error).code;
    span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
    throw error;
  } finally {
    recordHandled((performance.now() - started) / 1000, { kind, name, outcome });
    span.end();
  }
}
