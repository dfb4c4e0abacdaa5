/** A text as a pattern of Redis that matches it and nothing else: https://redis.io/docs/latest/commands/keys */
export const escapeGlob = (text: string): string => text.replaceAll(/[\\*?[\]^-]/g, '\\$&');
