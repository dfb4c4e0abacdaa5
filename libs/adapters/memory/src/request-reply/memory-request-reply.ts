import { MillraceError } from '@millrace/contracts';
import type { CallOptions, RequestReply, Served, ServeOptions } from '@millrace/ports';
import { ServedMethod } from './served-method.ts';

/**
 * Calls between services of one process. Inputs and outputs are copied, and refused where they are not plain JSON,
 * so that nothing works here that would not work across processes.
 */
export class MemoryRequestReply implements RequestReply {
  private readonly methods = new Map<string, ServedMethod>();
  private closed = false;

  async call(method: string, input: unknown, options: CallOptions): Promise<unknown> {
    if (this.closed) throw new MillraceError('shutting_down');
    if (options.signal?.aborted) throw new MillraceError('cancelled');
    if (options.deadline <= Date.now()) throw new MillraceError('deadline_exceeded');
    const served = this.methods.get(method);
    if (!served) throw new MillraceError('dependency_unavailable', { detail: `nobody serves ${method}` });
    return served.call(input, options);
  }

  /** One handler per method: throws when there is one already. */
  async serve(method: string, options: ServeOptions): Promise<Served> {
    if (this.methods.has(method)) throw new Error(`${method} is served already`);
    const served = new ServedMethod(options);
    this.methods.set(method, served);
    const close = async (): Promise<void> => {
      await served.close();
      if (this.methods.get(method) === served) this.methods.delete(method);
    };
    return { close };
  }

  async healthy(): Promise<boolean> {
    return !this.closed;
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.methods.values()].map((served) => served.close()));
    this.methods.clear();
  }
}
