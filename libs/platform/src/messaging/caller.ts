import { Inject, Injectable } from '@nestjs/common';
import type { CallOutput, CallSpec } from '@millrace/contracts';
import { REQUEST_REPLY, type Lane, type RequestReply } from '@millrace/ports';
import type { z } from 'zod';
import { traceHeaders } from '../telemetry/tracing.ts';

export interface CallerOptions {
  readonly signal?: AbortSignal | undefined;
  readonly lane?: Lane | undefined;
  /** Milliseconds, when shorter than the table's. */
  readonly timeoutMs?: number | undefined;
}

/** Calls other services by the contracts table; deadline, lane and trace travel along. */
@Injectable()
export class Caller {
  constructor(@Inject(REQUEST_REPLY) private readonly transport: RequestReply) {}

  async call<C extends CallSpec>(
    spec: C,
    input: z.input<C['input']>,
    options: CallerOptions = {},
  ): Promise<CallOutput<C>> {
    const timeout = Math.min(spec.timeoutMs, options.timeoutMs ?? Infinity);
    const output = await this.transport.call(spec.name, input, {
      deadline: Date.now() + timeout,
      signal: options.signal,
      lane: options.lane ?? 'interactive',
      headers: traceHeaders(),
    });
    return output as CallOutput<C>;
  }
}
