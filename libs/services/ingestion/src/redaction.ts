import type { ParsedDocument } from '@millrace/ports';

/** What stands in the place of a stretch of the text. In text order; offsets in the text as it was. */
export interface Redaction {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text and its chunks with labels in place of what was redacted. */
export function redactedDocument<D extends Pick<ParsedDocument, 'text' | 'chunks'>>(
  document: D,
  redactions: readonly Redaction[],
): D {
  if (redactions.length === 0) return document;
  const text = redactedText(document.text, redactions);
  const [startOf, endOf] = [placesAfter(redactions, 'start'), placesAfter(redactions, 'end')];
  const chunks = document.chunks.map((chunk) => {
    const [start, end] = [startOf(chunk.start), endOf(chunk.end)];
    return { ...chunk, start, end, text: text.slice(start, end) };
  });
  return { ...document, text, chunks };
}

function redactedText(text: string, redactions: readonly Redaction[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text: label } of redactions) {
    parts.push(text.slice(at, start), label);
    at = end;
  }
  return parts.join('') + text.slice(at);
}

/** Where places are afterwards; one within what was redacted is at the label's start, or end. */
function placesAfter(redactions: readonly Redaction[], side: 'start' | 'end'): (place: number) => number {
  let grown = 0;
  const moved = redactions.map(({ start, end, text }) => {
    const to = start + grown;
    grown += text.length - (end - start);
    return { start, end, to, behind: to + text.length };
  });
  return (place) => {
    const before = moved[countBefore(moved, place) - 1];
    if (!before) return place;
    if (place >= before.end) return before.behind + place - before.end;
    return side === 'start' ? before.to : before.behind;
  };
}

/** How many begin before a place. */
function countBefore(sorted: readonly Pick<Redaction, 'start'>[], place: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]!.start < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
