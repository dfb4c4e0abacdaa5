import type { Block, BlockKind } from '@millrace/text';

/** The stretches of a text between blank lines, as blocks. */
export function* stretches(text: string, kind: BlockKind): Generator<Block> {
  let start = -1;
  let end = 0;
  for (const { 0: line, index } of text.matchAll(/[^\n]+/g)) {
    const gap = start >= 0 ? text.slice(end, index) : '';
    const isBlank = line.trim() === '';
    if (start >= 0 && (isBlank || gap.length > 1)) {
      yield { kind, start, end };
      start = -1;
    }
    if (isBlank) continue;
    if (start < 0) start = index;
    end = index + line.length;
  }
  if (start >= 0) yield { kind, start, end };
}
