import { context, trace, TraceFlags } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { observe } from './observe.ts';
import { traceHeaders } from './tracing.ts';

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register();

const traceId = '0af7651916cd43dd8448eb211c80319c';
const from = (flags: TraceFlags) => ({ traceparent: `00-${traceId}-b7ad6b7169203331-0${flags}` });
const observed = (headers: Record<string, string>) =>
  observe({ kind: 'call', name: 'test.call', headers }, async () => ({
    told: traceHeaders(),
    of: trace.getSpanContext(context.active()),
  }));

describe('observe', () => {
  beforeEach(() => exporter.reset());
  afterAll(async () => {
    await provider.shutdown();
    trace.disable();
    context.disable();
  });

  it('makes a span of a handler, with the trace of its message going on', async () => {
    const { told } = await observed(from(TraceFlags.SAMPLED));
    const [span] = exporter.getFinishedSpans();
    expect(span).toMatchObject({ name: 'call test.call', parentSpanContext: { spanId: 'b7ad6b7169203331' } });
    expect(told['traceparent']).toBe(`00-${traceId}-${span!.spanContext().spanId}-01`);
  });

  it('begins a trace where the message has none', async () => {
    const { told } = await observed({});
    expect(exporter.getFinishedSpans()).toHaveLength(1);
    expect(told['traceparent']).toMatch(/-01$/);
  });

  it('makes none where nobody records, and passes the ids on', async () => {
    const { told, of } = await observed(from(TraceFlags.NONE));
    expect(exporter.getFinishedSpans()).toEqual([]);
    expect(of).toMatchObject({ traceId });
    expect(told).toEqual(from(TraceFlags.NONE));
  });

  it('throws what the handler throws', async () => {
    const failing = observe({ kind: 'call', name: 'test.call', headers: {} }, async () => {
      throw new Error('broken');
    });
    await expect(failing).rejects.toThrow('broken');
    expect(exporter.getFinishedSpans()).toMatchObject([{ status: { message: 'internal' } }]);
  });
});
