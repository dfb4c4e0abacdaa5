/** Where a piece of text stands to the line. */
export type Script = 'above' | 'below';

/** A number, or a letter that stands alone, may have a power; what is raised above a word is of a note. */
export const mayHavePower = (before: string): boolean => /(?:\d|(?<!\p{L})\p{L})$/u.test(before.slice(-2));

/**
 * What keeps a raised or lowered number apart from what it stands beside: `10^23`, `m^2`, `101_2`. Without it a digit of
 * the one would become one of the other.
 */
export function scriptSign(before: string, text: string, script: Script | undefined): '^' | '_' | '' {
  if (script === 'above') return mayHavePower(before) && /^\s*[-+−–]?\d+\s*$/.test(text) ? '^' : '';
  return script === 'below' && /\d$/.test(before) && /^\s*\d+\s*$/.test(text) ? '_' : '';
}
