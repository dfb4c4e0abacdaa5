import { MillraceError } from '@millrace/contracts';
import type { FastifyInstance } from 'fastify';

/** Milliseconds for the last word to those who are cut off. */
const lastWordMs = 500;

/**
 * Closes the server. Who is still being answered when the time is over is told so: `cutOff` aborts with `shutting_down`.
 * Connections that are open even then are ended a moment later.
 */
export async function closeWithin(
  server: FastifyInstance,
  cutOff: AbortController,
  budgetMs: number,
): Promise<void> {
  const late = [
    setTimeout(() => cutOff.abort(new MillraceError('shutting_down')), budgetMs),
    setTimeout(() => server.server.closeAllConnections(), budgetMs + lastWordMs),
  ];
  await server.close();
  late.forEach((timer) => clearTimeout(timer));
}
