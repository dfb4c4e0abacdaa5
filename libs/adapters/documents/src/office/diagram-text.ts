import { paragraphLines } from './rich-text.ts';
import { descendants, xmlTree } from './xml.ts';

/** The words of a diagram (SmartArt), one line a shape, in the order in which they were written. */
export const diagramLines = (data: Uint8Array): string[] =>
  [...descendants(xmlTree(data), 'pt')]
    .map((point) => paragraphLines(point).join(' '))
    .filter((line) => line !== '');
