import {
  context,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api';
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
export async function observe<T>(observation: Observation, run: () => Promise<T>): Promise<T> {
  const { kind, name, headers, sentAt } = observation;
  if (sentAt !== undefined) recordWait((Date.now() - sentAt) / 1000, { kind, name });
  const parent = traceContextOf(headers);
  const span = isTraced(parent) ? spanOf(observation, parent) : undefined;
  const started = performance.now();
  let outcome = 'ok';
  try {
    return await context.with(span ? trace.setSpan(parent, span) : parent, run);
  } catch (error) {
    outcome = MillraceError.from(error).code;
    span?.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
    throw error;
  } finally {
    recordHandled((performance.now() - started) / 1000, { kind, name, outcome });
    span?.end();
  }
}

/** Not where it is known that nobody records: an answer makes dozens of calls, and a span takes longer than some. */
function isTraced(parent: Context): boolean {
  const sender = trace.getSpanContext(parent);
  return !sender || (sender.traceFlags & TraceFlags.SAMPLED) !== 0;
}

const spanOf = ({ kind, name, attributes = {} }: Observation, parent: Context): Span =>
  trace.getTracer('millrace').startSpan(`${kind} ${name}`, { kind: spanKinds[kind], attributes }, parent);
