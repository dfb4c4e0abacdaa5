import {
  attributeOf,
  childElements,
  localName,
  plainText,
  removeNode,
  type WordElement,
} from './word-part.ts';

/** Empties the cells that older programs merge with the one before them, where they only say the same again. */
export function emptyMergedCells(row: WordElement): void {
  let shown = '';
  for (const cell of childElements(row, 'tc')) {
    if (!goesOn(cell)) shown = plainText(cell);
    else if (plainText(cell) === shown)
      for (const child of childElements(cell)) if (localName(child) !== 'tcPr') removeNode(child);
  }
}

function goesOn(cell: WordElement): boolean {
  const [properties] = childElements(cell, 'tcPr');
  const [merge] = properties ? childElements(properties, 'hMerge') : [];
  return merge !== undefined && attributeOf(merge, 'val') !== 'restart';
}
