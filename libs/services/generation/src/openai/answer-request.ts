import type { routes } from '@millrace/contracts';
import type { RouteRequest } from '@millrace/platform';
import type { Asked } from '../answers/asked.ts';
import { cacheWishIn } from '../cache/cache-wish.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';

type AnswerRequest = Pick<
  RouteRequest<typeof routes.chatCompletions>,
  'headers' | 'principal' | 'requestId' | 'signal' | 'setHeader'
>;

/** What every route that answers asks with, beside what its body says. */
export function steeringOf({ headers, setHeader, principal, requestId, signal }: AnswerRequest) {
  const { 'x-millrace-budget-ms': budgetMs, 'x-millrace-backend': backEnd } = headers;
  return {
    ...{ principal, requestId, signal, budgetMs, backEnd },
    cacheWish: cacheWishIn(headers['cache-control']),
    onCache: (outcome) => setHeader('x-millrace-cache', outcome),
    onStandings: (standings) => rateLimitHeaders(standings).forEach((header) => setHeader(...header)),
  } satisfies Omit<Asked, 'request'>;
}
