import type { FastifyInstance } from 'fastify';
import { openApiDocument } from '@millrace/contracts';
import type { Health } from '../health/health.ts';
import type { MetricsEndpoint } from '../telemetry/metrics.ts';
import { retryAfterFailure } from './error-answer.ts';

/**
 * Routes for machines that run Millrace: probes, metrics, the description of the API. Open to all who reach the port: a
 * kubelet or a Prometheus holds no key, and nothing there names a tenant, a user or a document.
 */
export function bindOperations(
  server: FastifyInstance,
  health: Health,
  metrics: Pick<MetricsEndpoint, 'text'>,
): void {
  server.get('/health/live', async () => ({ status: 'live' }));
  server.get('/health/ready', async (_request, reply) => {
    const report = await health.report();
    if (report.status === 'ready') return report;
    return reply.code(503).header('retry-after', retryAfterFailure).send(report);
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.text()),
  );
  server.get('/openapi.json', async () => openApiDocument());
}
