import { descendants, firstOf, attributeValue, xmlTree } from '../office/xml.ts';

/** Styles that are based on one another; Word takes no more. */
const deepest = 11;

/** Character styles whose text is hidden, those that a hidden one is the base of too. */
export function hiddenStyles(styles: Uint8Array | undefined): Set<string> {
  const hidden = new Set<string>();
  const based: (readonly [style: string, base: string])[] = [];
  for (const style of descendants(xmlTree(styles ?? ''), 'style')) {
    const [id, vanish] = [attributeValue(style.attributes, 'styleId'), firstOf(style, 'vanish')];
    const base = firstOf(style, 'basedOn');
    if (id === undefined) continue;
    if (vanish) {
      if (!/^(?:0|false|off)$/.test(attributeValue(vanish.attributes, 'val') ?? '')) hidden.add(id);
    } else if (base) based.push([id, attributeValue(base.attributes, 'val') ?? '']);
  }
  for (let depth = 0; depth < deepest; depth++)
    for (const [style, base] of based) if (hidden.has(base)) hidden.add(style);
  return hidden;
}
