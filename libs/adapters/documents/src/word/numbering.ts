import { attributeValue, descendants, xmlTree } from '../office/xml.ts';
import { attributeOf, childElements, parsedPart, removeNode, within, written } from './word-part.ts';

/** The numbering of lists without references to kinds and styles that are not there, at which Mammoth fails. */
export function rewrittenNumbering(part: Uint8Array, styles: Uint8Array | undefined): Uint8Array {
  const tree = parsedPart(part);
  const numbered = numberingStyles(styles);
  for (const root of childElements(tree)) {
    for (const list of childElements(root, 'num'))
      if (childElements(list, 'abstractNumId').length === 0) removeNode(list);
    for (const link of within(root, 'numStyleLink'))
      if (!numbered.has(attributeOf(link, 'val') ?? '')) removeNode(link);
  }
  return new TextEncoder().encode(written(tree));
}

const numberingStyles = (styles: Uint8Array | undefined): Set<string | undefined> =>
  new Set(
    [...descendants(xmlTree(styles ?? ''), 'style')]
      .filter(({ attributes }) => attributeValue(attributes, 'type') === 'numbering')
      .map(({ attributes }) => attributeValue(attributes, 'styleId')),
  );
