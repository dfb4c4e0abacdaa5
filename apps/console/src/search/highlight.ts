/** A run of text, and whether it is a word of the query. */
export interface Run {
  readonly text: string;
  readonly hit: boolean;
}

const word = /[\p{L}\p{N}]+/gu;
/** Words shorter than this are too common to mark. */
const shortest = 3;

/** Marks the words that begin as a word of the query does, endings aside: `rotate` also marks `rotating`. */
export function highlight(text: string, query: string): Run[] {
  const stems = (query.toLowerCase().match(word) ?? []).filter(({ length }) => length >= shortest).map(stem);
  const runs: Run[] = [];
  let from = 0;
  for (const match of text.matchAll(word)) {
    const lower = match[0].toLowerCase();
    if (lower.length < shortest || !stems.some((each) => stem(lower) === each)) continue;
    if (match.index > from) runs.push({ text: text.slice(from, match.index), hit: false });
    runs.push({ text: match[0], hit: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) runs.push({ text: text.slice(from), hit: false });
  return runs;
}

/** Enough for marking: the server's own stemming decides what is found. */
const stem = (text: string): string => text.replace(/(?:ings?|ions?|ed|es|s|e)$/, '') || text;
