import { descendants, textOf, xmlTree } from './xml.ts';

/** The words of a diagram (SmartArt), one line a shape, in the order in which they were written. */
export const diagramLines = (data: Uint8Array): string[] =>
  [...descendants(xmlTree(data), 'pt')]
    .map((point) =>
      [...descendants(point, 'p')]
        .map((paragraph) => [...descendants(paragraph, 't')].map(textOf).join(''))
        .join(' ')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '');
