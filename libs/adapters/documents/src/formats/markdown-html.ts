/** Offsets, end exclusive. */
export type Range = readonly [start: number, end: number];

const hidden = /<!--|<(script|style|template)\b/gi;

/** Comments, scripts and styles are not shown to a reader, so they are not found either. */
export function hasShownText(html: string): boolean {
  let shown = '';
  let from = 0;
  for (const [start, end] of hiddenInBlock(html)) {
    shown += html.slice(from, start);
    from = end;
  }
  return /[\p{L}\p{N}]/u.test((shown + html.slice(from)).replace(/<[^<>]*>/g, ''));
}

/** What a block of HTML hides. What is never closed goes to the end, as in a browser. */
export function hiddenInBlock(html: string): Range[] {
  const ranges: Range[] = [];
  hidden.lastIndex = 0;
  for (let found = hidden.exec(html); found; found = hidden.exec(html)) {
    const close = found[1] === undefined ? /-->/g : new RegExp(`</${found[1]}\\s*>`, 'gi');
    close.lastIndex = hidden.lastIndex;
    const end = close.test(html) ? close.lastIndex : html.length;
    ranges.push([found.index, end]);
    hidden.lastIndex = end;
  }
  return ranges;
}

/** The comments in words that are not code. */
export function commentsInLine(markup: string): Range[] {
  const ranges: Range[] = [];
  const lastRuns = new Map([...markup.matchAll(/`+/g)].map(({ 0: { length }, index }) => [length, index]));
  const signs = /\\[\\`<]|`+|<!--/g;
  for (let sign = signs.exec(markup); sign; sign = signs.exec(markup)) {
    const [mark] = sign;
    if (mark.startsWith('`') && (lastRuns.get(mark.length) ?? 0) > sign.index)
      signs.lastIndex = endOfCode(markup, mark.length, signs.lastIndex);
    if (mark !== '<!--') continue;
    const close = markup.indexOf('-->', sign.index + 2);
    if (close < 0) break;
    signs.lastIndex = close + 3;
    ranges.push([sign.index, signs.lastIndex]);
  }
  return ranges;
}

function endOfCode(markup: string, ticks: number, from: number): number {
  const runs = /`+/g;
  runs.lastIndex = from;
  let run = runs.exec(markup);
  while (run && run[0].length !== ticks) run = runs.exec(markup);
  return run ? runs.lastIndex : from;
}
