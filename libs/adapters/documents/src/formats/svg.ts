import type { Extract, ReaderContext } from '../extract.ts';
import { descendants, firstOf, textOf, xmlTree } from '../office/xml.ts';
import { TextBuilder } from '../text-builder.ts';

/** The words of a drawing: its title, description and texts. */
export function readSvg(text: string, { limits }: ReaderContext): Extract {
  const tree = xmlTree(text);
  const builder = new TextBuilder(limits.maxTextChars);
  for (const element of descendants(tree, 'desc', 'text')) builder.add('paragraph', textOf(element));
  const title = firstOf(tree, 'title');
  return builder.build(title && textOf(title));
}
