import type { QuotaStanding } from '@millrace/ports';

/** OpenAI's headers on how a caller stands under its limits: of each measure the one that is used up first. */
export function rateLimitHeaders(standings: readonly QuotaStanding[]): [name: string, value: string][] {
  return (['requests', 'tokens'] as const).flatMap((measure) => {
    const [scarcest] = standings
      .filter(({ limit }) => limit.measure === measure)
      .sort((a, b) => a.remaining - b.remaining || b.resetMs - a.resetMs);
    if (!scarcest) return [];
    return [
      [`x-ratelimit-limit-${measure}`, String(scarcest.limit.max)],
      [`x-ratelimit-remaining-${measure}`, String(scarcest.remaining)],
      [`x-ratelimit-reset-${measure}`, duration(scarcest.resetMs)],
    ];
  });
}

/** As OpenAI writes it: `6m0s`. */
function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return [hours && `${hours}h`, seconds >= 60 && `${minutes}m`, `${seconds % 60}s`].filter(Boolean).join('');
}
