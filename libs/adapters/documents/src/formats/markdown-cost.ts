/** A quote in a quote in a list ...: no author goes deeper, and the parser's time grows with the square. */
const deepest = 100;
const nested = new RegExp(`^[ \\t]*(?:>[ \\t]*|(?:[-*+]|\\d{1,9}[.)])[ \\t]+){${deepest}}`, 'm');

/** Runs of `*`, `_` and `~` in one block are matched with each other: the parser takes about 25 ns a pair. */
const mostPairs = 100_000_000;

/** Whether the grammar of Markdown would take seconds for this text, whatever it is. */
export function isTooIntricate(text: string): boolean {
  if (nested.test(text)) return true;
  let pairs = 0;
  for (const [block] of text.matchAll(/(?:.+(?:\r?\n|$))+/g)) {
    const runs = block.match(/\*+|_+|~+/g)?.length ?? 0;
    pairs += runs * runs;
    if (pairs > mostPairs) return true;
  }
  return false;
}
