/** In characters. */
export interface Bounds {
  /** What may stand before the question. */
  readonly whole: number;
  /** Of it, what may stand in place of the beginning that was cut off. */
  readonly preface: number;
  /** Of that, the summary. */
  readonly summary: number;
}

const charsPerToken = 4;
const prefaceRoom = 400;
const mostSummaryChars = 4_000;

/** Undefined: there is no bound. */
export function boundsOf(tokens: number): Bounds | undefined {
  if (tokens === 0) return undefined;
  const whole = tokens * charsPerToken;
  const summary = Math.min(mostSummaryChars, whole / 4 - prefaceRoom);
  return { whole, summary, preface: summary + prefaceRoom };
}

/**
 * How many of the oldest exchanges were cut off, each time that a conversation that grew to this outgrew its bound; the last
 * holds. It is cut down to half of the bound, so that the cut stays where it is until the other half is full; the newest
 * exchange always stays. Empty where all of it fits.
 * @param sizes of the exchanges, in their order
 */
export function cutsOf(
  sizes: readonly number[],
  { whole, preface }: Pick<Bounds, 'whole' | 'preface'>,
): number[] {
  const cuts: number[] = [];
  let cut = 0;
  let size = 0;
  for (const [newest, own] of sizes.entries()) {
    size += own;
    if (size + (cut > 0 ? preface : 0) <= whole) continue;
    const before = cut;
    while (cut < newest && size > whole / 2) size -= sizes[cut++]!;
    if (cut > before) cuts.push(cut);
  }
  return cuts;
}
