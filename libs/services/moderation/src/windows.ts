/** The text in pieces of so many characters at most, cut behind blanks where there are any near the end. */
export function windowsOf(text: string, maxChars: number): string[] {
  const windows: string[] = [];
  for (let from = 0; from < text.length;) {
    const window = text.slice(from, from + maxChars);
    const isLast = from + maxChars >= text.length;
    const blank = isLast ? -1 : window.search(/\s\S*$/);
    const kept = blank > maxChars / 2 ? window.slice(0, blank + 1) : window;
    windows.push(kept);
    from += kept.length;
  }
  return windows;
}
