/** For specs: words as they are compared, without case and punctuation. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z0-9]+(?:'[a-z]+)*/g) ?? [];

/** For specs: words to change, drop or add to make `said` of `heard` (Levenshtein). */
export function wordErrors(said: readonly string[], heard: readonly string[]): number {
  let row = Array.from({ length: heard.length + 1 }, (_, at) => at);
  for (const [index, word] of said.entries()) {
    const next = [index + 1];
    for (let at = 1; at <= heard.length; at++)
      next.push(Math.min(row[at]! + 1, next[at - 1]! + 1, row[at - 1]! + Number(heard[at - 1] !== word)));
    row = next;
  }
  return row[heard.length]!;
}
