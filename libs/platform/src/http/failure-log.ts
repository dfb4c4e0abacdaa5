import type { MillraceError } from '@millrace/contracts';
import type { FastifyRequest } from 'fastify';
import type { Logger } from '../telemetry/logger.ts';
import { Sparing } from '../telemetry/sparing.ts';
import { isOfSurroundings } from './error-answer.ts';

/** Tells of requests that failed by no fault of their callers. An outage fails all in the same way: of those, sparingly. */
export function failureLog(logger: Logger) {
  const outages = new Sparing();
  return (error: MillraceError, thrown: unknown, { id, routeOptions, method }: FastifyRequest): void => {
    const about = { request_id: id, route: `${method} ${routeOptions.url ?? 'unknown'}` };
    if (error.code === 'cancelled') return logger.debug(about, 'the caller went away');
    if (error.code === 'shutting_down') return logger.info(about, 'cut off, because the process ends');
    if (error.spec.status < 500) return;
    const untold = isOfSurroundings(error) ? outages.tell(`${about.route} ${error.code}`) : 0;
    if (untold === undefined) return;
    logger.error({ err: thrown, ...about, ...(untold > 0 && { untold }) }, 'request failed');
  };
}
