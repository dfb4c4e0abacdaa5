import { attributeValue, descendants, firstOf, valueIn, xmlTree, type Element } from '../office/xml.ts';
import { levelNumber } from './lists.ts';

/** Styles that are based on one another; Word takes no more. */
const deepest = 11;

/** What a style says of the list that its paragraphs are in. */
export interface StyleNumbering {
  readonly list?: string | undefined;
  readonly level?: number | undefined;
  /** The style and those it is based on. */
  readonly styles: readonly string[];
}

/** How the styles of paragraphs number them. */
export class ParagraphStyles {
  private readonly byId = new Map<string, Element>();
  private readonly read = new Map<string, StyleNumbering>();
  private standard = '';

  constructor(styles: Uint8Array | undefined) {
    for (const style of descendants(xmlTree(styles ?? ''), 'style')) {
      const id = attributeValue(style.attributes, 'styleId') ?? '';
      if ((attributeValue(style.attributes, 'type') ?? 'paragraph') !== 'paragraph') continue;
      this.byId.set(id, style);
      if (/^(?:1|true|on)$/.test(attributeValue(style.attributes, 'default') ?? '')) this.standard = id;
    }
  }

  /** Of the standard style where none is named. */
  numberingOf(name: string | undefined): StyleNumbering {
    const id = name ?? this.standard;
    const known = this.read.get(id) ?? this.through(id);
    this.read.set(id, known);
    return known;
  }

  private through(id: string): StyleNumbering {
    const styles: string[] = [];
    let found: { list?: string | undefined; level?: number | undefined } = {};
    for (let style = this.byId.get(id); style && styles.length < deepest;) {
      const numbering = firstOf(style, 'numPr');
      styles.push(attributeValue(style.attributes, 'styleId') ?? '');
      found = {
        list: found.list ?? valueIn(numbering, 'numId'),
        level: found.level ?? levelNumber(valueIn(numbering, 'ilvl')),
      };
      style = this.byId.get(valueIn(style, 'basedOn') ?? '');
    }
    return { ...found, styles };
  }
}
