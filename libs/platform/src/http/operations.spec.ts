import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { Health } from '../health/health.ts';
import { bindOperations } from './operations.ts';

describe('readiness over HTTP', () => {
  it('is a 200, or a 503 that says when to ask again', async () => {
    let ok = true;
    const health = new Health([{ name: 'queue', check: () => ({ ok }) }], () => undefined);
    const server = fastify();
    bindOperations(server, health, { text: () => Promise.resolve('') });
    const ready = async () => {
      const { statusCode, headers } = await server.inject('/health/ready');
      return [statusCode, headers['retry-after']];
    };
    expect(await ready()).toEqual([503, '5']);
    health.started();
    expect(await ready()).toEqual([200, undefined]);
    ok = false;
    expect(await ready()).toEqual([503, '5']);
  });
});
