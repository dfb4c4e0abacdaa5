import { DomUtils, parseDocument } from 'htmlparser2';
import { attributeValue, decoded } from '../office/xml.ts';

/** References stay as they are written, so that what is not changed comes out as it was. */
const asWritten = { xmlMode: true, decodeEntities: false } as const;

export type WordDocument = ReturnType<typeof parseDocument>;
export type WordNode = WordDocument['children'][number];
export type WordElement = Extract<WordNode, { attribs: unknown }>;

export const isWordElement = (node: WordNode): node is WordElement => 'attribs' in node;

/** A part of a Word file as a tree that can be changed. */
export const parsedPart = (part: Uint8Array): WordDocument => parseDocument(decoded(part), asWritten);

export const written = (node: WordDocument | WordElement): string => DomUtils.getOuterHTML(node, asWritten);

export const localName = ({ name }: WordElement): string => name.slice(name.indexOf(':') + 1);

export const childElements = (element: WordElement | WordDocument, name?: string): WordElement[] =>
  element.children.filter(isWordElement).filter((child) => name === undefined || localName(child) === name);

/** All elements of this name at any depth, also one inside another. */
export const within = (element: WordElement, name: string): WordElement[] =>
  DomUtils.findAll((each) => localName(each) === name, element.children);

/** The words below an element on one line, as XML: references stay as they are written. */
export const plainText = (element: WordElement): string =>
  DomUtils.findAll((each) => /^(?:.*:)?[tp]$/.test(each.name), element.children)
    .map((each) => (localName(each) === 'p' ? ' ' : DomUtils.textContent(each)))
    .join('')
    .replace(/\s+/g, ' ')
    .trim();

/** Whether there are words below an element. */
export const hasWords = (element: WordElement): boolean =>
  DomUtils.existsOne(
    (each) =>
      /^(?:t|sym)$/.test(localName(each)) && (localName(each) === 'sym' || textOf(each).trim() !== ''),
    element.children,
  );

export const textOf = (element: WordElement): string => DomUtils.textContent(element);

export const attributeOf = ({ attribs }: WordElement, name: string): string | undefined =>
  attributeValue(attribs, name);

/** A switch such as `w:vanish`: on unless its value says off; undefined where it is not said. */
export function isOn(properties: WordElement | undefined, name: string): boolean | undefined {
  const found = properties && childElements(properties, name)[0];
  return found && !/^(?:0|false|off)$/.test(attributeOf(found, 'val') ?? '');
}

/** Puts nodes, wherever they stood before, in the place of an element. */
export function replaceBy(element: WordElement, nodes: readonly WordNode[]): void {
  for (const node of [...nodes]) {
    DomUtils.removeElement(node);
    DomUtils.prepend(element, node);
  }
  DomUtils.removeElement(element);
}

export const insertBefore = (element: WordElement, nodes: readonly WordNode[]): void => {
  for (const node of nodes) DomUtils.prepend(element, node);
};

export const insertAfter = (element: WordElement, nodes: readonly WordNode[]): void => {
  for (const node of nodes.toReversed()) DomUtils.append(element, node);
};

export const insertFirst = (parent: WordElement, nodes: readonly WordNode[]): void => {
  for (const node of nodes.toReversed()) DomUtils.prependChild(parent, node);
};

export const appendTo = (element: WordElement, node: WordNode): void => DomUtils.appendChild(element, node);

export const removeNode = (node: WordNode): void => DomUtils.removeElement(node);

/** Makes elements of the language of Word, under the prefix that the part gives it. */
export class WordMaker {
  private readonly prefix: string;

  constructor(part: WordDocument) {
    const root = childElements(part)[0]?.name ?? '';
    this.prefix = root.includes(':') ? root.slice(0, root.indexOf(':') + 1) : '';
  }

  /** A run of this text, which is XML already. */
  run(text: string): WordElement[] {
    const w = this.prefix;
    return this.made(`<${w}r><${w}t xml:space="preserve">${text}</${w}t></${w}r>`);
  }

  /** A run of this character style and text, which is XML already. */
  styledRun(style: string, text: string): WordElement[] {
    const w = this.prefix;
    return this.made(
      `<${w}r><${w}rPr><${w}rStyle ${w}val="${style}"/></${w}rPr><${w}t xml:space="preserve">${text}</${w}t></${w}r>`,
    );
  }

  /** That a paragraph is in a list of this number at this level. */
  listNumber(list: number, level: number): WordElement[] {
    const w = this.prefix;
    return this.made(`<${w}numPr><${w}ilvl ${w}val="${level}"/><${w}numId ${w}val="${list}"/></${w}numPr>`);
  }

  /** A stretch of text inside a run, which is XML already. */
  text(text: string): WordElement[] {
    return this.made(`<${this.prefix}t xml:space="preserve">${text}</${this.prefix}t>`);
  }

  /** A paragraph of these lines, which are XML already. */
  paragraph(...lines: readonly string[]): WordElement[] {
    const w = this.prefix;
    const texts = lines.map((line) => `<${w}t xml:space="preserve">${line}</${w}t>`);
    return this.made(`<${w}p><${w}r>${texts.join(`<${w}br/>`)}</${w}r></${w}p>`);
  }

  /** A text box with these paragraphs, in the older form that Mammoth reads. */
  textBox(content: readonly WordNode[]): WordElement[] {
    const w = this.prefix;
    const xml = `<${w}pict><v:textbox xmlns:v="urn:schemas-microsoft-com:vml"><${w}txbxContent/></v:textbox></${w}pict>`;
    return this.made(xml).map((box) => {
      const inside = within(box, 'txbxContent')[0];
      for (const node of [...content]) if (inside) DomUtils.appendChild(inside, node);
      return box;
    });
  }

  /** An element without content; its value is XML already. */
  empty(name: string, value?: string): WordElement[] {
    const attribute = value === undefined ? '' : ` ${this.prefix}val="${value}"`;
    return this.made(`<${this.prefix}${name}${attribute}/>`);
  }

  private made(xml: string): WordElement[] {
    return childElements(parseDocument(xml, asWritten));
  }
}

export const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (sign) => (sign === '&' ? '&amp;' : sign === '<' ? '&lt;' : '&gt;'));
