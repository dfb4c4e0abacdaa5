import { Parser } from 'htmlparser2';

/** An element of an XML part, its name without namespace prefix. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Element | string)[];
}

export interface XmlEvents {
  open?: (name: string, attributes: Readonly<Record<string, string>>) => void;
  text?: (text: string) => void;
  close?: (name: string) => void;
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Reads XML in one pass, tolerantly; entities other than XML's five are left as they stand. */
export function readXml(xml: Uint8Array | string, events: XmlEvents): void {
  const parser = new Parser(
    {
      onopentag: (name, attributes) => events.open?.(local(name), attributes),
      ontext: (text) => events.text?.(text),
      onclosetag: (name) => events.close?.(local(name)),
    },
    { xmlMode: true },
  );
  parser.end(typeof xml === 'string' ? xml : decoded(xml));
}

/** A part is UTF-8 unless it begins with the mark of UTF-16. */
export const decoded = (xml: Uint8Array): string =>
  new TextDecoder(xml[0] === 0xff && xml[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(xml);

/** A small part as a tree; the root has the name ''. */
export function xmlTree(xml: Uint8Array | string): Element {
  const root = { name: '', attributes: {}, children: [] as (Element | string)[] };
  const open = [root];
  readXml(xml, {
    open: (name, attributes) => {
      const element = { name, attributes, children: [] };
      open.at(-1)?.children.push(element);
      open.push(element);
    },
    text: (text) => open.at(-1)?.children.push(text),
    close: () => open.length > 1 && open.pop(),
  });
  return root;
}

/** All elements of these names, in document order, at any depth; none inside another, none said twice for old readers. */
export function* descendants(element: Element, ...names: readonly string[]): Generator<Element> {
  for (const child of element.children) {
    if (typeof child === 'string' || child.name === 'Fallback') continue;
    if (names.includes(child.name)) yield child;
    else yield* descendants(child, ...names);
  }
}

export function firstOf(element: Element, name: string): Element | undefined {
  for (const found of descendants(element, name)) return found;
  return undefined;
}

/** The relationship that an element names, under whatever prefix the file gives that namespace. */
export const relationshipId = ({ attributes }: Element): string | undefined =>
  Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1];

/** The value of an attribute, under whatever prefix the file gives its namespace. */
export const attributeValue = (
  attributes: Readonly<Record<string, string>>,
  name: string,
): string | undefined => Object.entries(attributes).find(([key]) => local(key) === name)?.[1];

/** What the first element of this name at any depth says in its `val`, as elements of Word do. */
export function valueIn(element: Element | undefined, name: string): string | undefined {
  const found = element && firstOf(element, name);
  return found && attributeValue(found.attributes, 'val');
}

export function textOf(element: Element): string {
  return element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}
