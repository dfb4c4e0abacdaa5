import { attributeValue, descendants, firstOf, xmlTree } from '../office/xml.ts';

/** Styles that are based on one another; Word takes no more. */
const deepest = 11;

/** What character styles say of one property, those that are based on another as that one: its value, '' for none. */
function saidByStyles(styles: Uint8Array | undefined, property: string): Map<string, string> {
  const said = new Map<string, string>();
  const based: (readonly [style: string, base: string])[] = [];
  for (const style of descendants(xmlTree(styles ?? ''), 'style')) {
    const [id, found] = [attributeValue(style.attributes, 'styleId'), firstOf(style, property)];
    const base = firstOf(style, 'basedOn');
    if (id === undefined) continue;
    if (found) said.set(id, attributeValue(found.attributes, 'val') ?? '');
    else if (base) based.push([id, attributeValue(base.attributes, 'val') ?? '']);
  }
  for (let depth = 0; depth < deepest; depth++)
    for (const [style, base] of based) {
      const value = said.get(base);
      if (value !== undefined) said.set(style, value);
    }
  return said;
}

/** Those whose text is raised or lowered, with Word's name for it. */
export const scriptStyles = (styles: Uint8Array | undefined): Map<string, string> =>
  new Map([...saidByStyles(styles, 'vertAlign')].filter(([, value]) => /^su(?:per|b)script$/.test(value)));

/** Those whose text is hidden. */
export const hiddenStyles = (styles: Uint8Array | undefined): Set<string> =>
  new Set([...saidByStyles(styles, 'vanish')].filter(([, value]) => !isOff.test(value)).map(([id]) => id));

const isOff = /^(?:0|false|off)$/;
