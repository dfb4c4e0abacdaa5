import { attribute, isElement, isLeftOut, type HtmlElement } from './html-tree.ts';
import { inlineText } from './inline-text.ts';
import { numberOf, saidMark } from './list-numbers.ts';

export const isList = (element: HtmlElement): boolean => element.tagName === 'ul' || element.tagName === 'ol';

/** A list as lines, those of lists inside it further in; where all are further in, none is. */
export function listLines(list: HtmlElement): string[] {
  const lines = linesOf(list, 0);
  const least = lines.reduce((indent, line) => Math.min(indent, line.search(/\S/)), Infinity);
  return lines.map((line) => line.slice(least));
}

function linesOf(list: HtmlElement, depth: number): string[] {
  const marks = list.tagName === 'ol' ? numbersOf(list) : undefined;
  const lines: string[] = [];
  for (const item of childrenOf(list)) {
    const nested = isList(item) ? [item] : listsIn(item);
    const own = isList(item) ? '' : inlineText(item, new Set(nested));
    if (own !== '')
      lines.push(`${'  '.repeat(depth)}${marks?.get(item) ?? saidMark(item, list) ?? '-'} ${own}`);
    for (const inner of nested) lines.push(...linesOf(inner, depth + 1));
  }
  return lines;
}

const listsIn = (item: HtmlElement): HtmlElement[] =>
  childrenOf(item).flatMap((child) => (isList(child) ? child : listsIn(child)));

/** The number before each item of an ordered list, as the page shows it: `c.`, `IV.` */
export function numbersOf(list: HtmlElement): Map<HtmlElement, string> {
  const items = childrenOf(list).filter((each) => !isList(each));
  const step = attribute(list, 'reversed') === undefined ? 1 : -1;
  let next = integerOf(list, 'start') ?? (step > 0 ? 1 : items.length);
  const numbers = new Map<HtmlElement, string>();
  for (const item of items) {
    const number = integerOf(item, 'value') ?? next;
    numbers.set(item, saidMark(item, list) ?? `${numberOf(item, list, number)}.`);
    next = number + step;
  }
  return numbers;
}

const childrenOf = (element: HtmlElement): HtmlElement[] =>
  element.childNodes.filter(isElement).filter((child) => !isLeftOut(child));

function integerOf(element: HtmlElement, name: string): number | undefined {
  const digits = /^\s*([-+]?\d{1,9})(?!\d)/.exec(attribute(element, name) ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}
