const hidden = /<!--|<(script|style|template)\b/gi;

/** Comments, scripts and styles are not shown to a reader, so they are not found either. */
export function hasShownText(html: string): boolean {
  const shown = withoutHidden(html).replace(/<[^<>]*>/g, '');
  return /[\p{L}\p{N}]/u.test(shown);
}

/** What is never closed goes to the end, as in a browser. */
function withoutHidden(html: string): string {
  const parts: string[] = [];
  let from = 0;
  hidden.lastIndex = 0;
  for (let found = hidden.exec(html); found; found = hidden.exec(html)) {
    parts.push(html.slice(from, found.index));
    const close = found[1] === undefined ? /-->/g : new RegExp(`</${found[1]}\\s*>`, 'gi');
    close.lastIndex = hidden.lastIndex;
    if (!close.test(html)) return parts.join('');
    from = hidden.lastIndex = close.lastIndex;
  }
  return parts.join('') + html.slice(from);
}
