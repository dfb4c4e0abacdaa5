/** What a request says of kept answers. */
export interface CacheWish {
  /** It may be told one. */
  readonly read: boolean;
  /** The answer to it may be kept. */
  readonly store: boolean;
}

export const usualWish: CacheWish = { read: true, store: true };

/** By `Cache-Control` (RFC 9111); what is not about this is passed over. */
export function cacheWishIn(header: string | undefined): CacheWish {
  if (header === undefined) return usualWish;
  const directives = new Set(header.split(',').map((directive) => directive.trim().toLowerCase()));
  const store = !directives.has('no-store');
  return { store, read: store && !directives.has('no-cache') };
}
