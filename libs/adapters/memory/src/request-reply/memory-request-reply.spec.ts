import { requestReplyConformance } from '@millrace/testing';
import { describe, expect, it } from 'vitest';
import { MemoryRequestReply } from './memory-request-reply.ts';

requestReplyConformance('MemoryRequestReply', async () => {
  const transport = new MemoryRequestReply();
  // Tests leave handlers running that never end: nothing to wait for.
  return { open: async () => ({ caller: transport, worker: transport }), dispose: async () => undefined };
});

describe('MemoryRequestReply', () => {
  const options = () => ({ deadline: Date.now() + 5_000 });

  it('refuses what is not JSON, in either direction', async () => {
    const transport = new MemoryRequestReply();
    await transport.serve('vectors', {
      concurrency: 1,
      maxWaiting: 1,
      handler: async () => ({ vector: new Float32Array(2) }),
    });
    await expect(transport.call('vectors', { at: new Date() }, options())).rejects.toThrow();
    await expect(transport.call('vectors', {}, options())).rejects.toMatchObject({ code: 'internal' });
  });

  it('refuses a second handler for a method', async () => {
    const transport = new MemoryRequestReply();
    const served = { concurrency: 1, maxWaiting: 1, handler: async () => null };
    await transport.serve('once', served);
    await expect(transport.serve('once', served)).rejects.toThrow('served already');
  });

  it('keeps a place taken while a handler runs on that nobody waits for', async () => {
    const transport = new MemoryRequestReply();
    const release = Promise.withResolvers<void>();
    await transport.serve('stubborn', { concurrency: 1, maxWaiting: 0, handler: () => release.promise });
    const abort = new AbortController();
    const call = transport.call('stubborn', null, { ...options(), signal: abort.signal });
    abort.abort();
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    await expect(transport.call('stubborn', null, options())).rejects.toMatchObject({ code: 'queue_full' });
    release.resolve();
  });
});
