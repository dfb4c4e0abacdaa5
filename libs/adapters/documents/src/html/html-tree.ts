import { blocks } from './blocks.ts';
import type { DefaultTreeAdapterTypes } from 'parse5';

export type HtmlNode = DefaultTreeAdapterTypes.Node;
export type HtmlElement = DefaultTreeAdapterTypes.Element;

export const isElement = (node: HtmlNode): node is HtmlElement => 'tagName' in node;

export const attribute = (element: HtmlElement, name: string): string | undefined =>
  element.attrs.find((each) => each.name === name)?.value;

/** Of a template that a page declares as part of itself, what is in it. */
export const childrenOf = (node: HtmlNode): readonly HtmlNode[] => {
  if ('content' in node && isShadowRoot(node)) return node.content.childNodes;
  return 'childNodes' in node ? node.childNodes : [];
};

/** Programs that save pages write so what scripts have made. */
const isShadowRoot = (element: HtmlElement): boolean =>
  element.tagName === 'template' && attribute(element, 'shadowrootmode') !== undefined;

/** Every element below a node, in document order, however deep. */
export function* elements(node: HtmlNode): Generator<HtmlElement> {
  const waiting = [...childrenOf(node)].reverse();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (isElement(next)) yield next;
    const children = childrenOf(next);
    for (let i = children.length - 1; i >= 0; i--) waiting.push(children[i] as HtmlNode);
  }
}

/** The rows of a table as they are shown, the foot below the others, without those of tables inside it. */
export const rowsOf = (table: HtmlElement): HtmlElement[] =>
  table.childNodes
    .filter(isElement)
    .toSorted((a, b) => Number(a.tagName === 'tfoot') - Number(b.tagName === 'tfoot'))
    .flatMap((child) => (parts.has(child.tagName) && !isLeftOut(child) ? rowsOf(child) : child))
    .filter(({ tagName }) => tagName === 'tr');

const parts = new Set(['thead', 'tbody', 'tfoot']);

export const cellsOf = (row: HtmlElement): HtmlElement[] =>
  row.childNodes.filter(isElement).filter(({ tagName }) => tagName === 'td' || tagName === 'th');

const notProse = new Set(
  'head script style template del nav iframe object embed canvas audio video select input datalist progress meter dialog'.split(
    ' ',
  ),
);
/** Of the controls of a form, those that say yes or no: tasks that are done, answers that are chosen. */
export const isBox = (element: HtmlElement): boolean =>
  element.tagName === 'input' && /^(?:checkbox|radio)$/i.test(attribute(element, 'type') ?? '');

const notContent = new Set(['navigation', 'banner', 'contentinfo', 'search', 'menu', 'menubar']);
const invisible = /display\s*:\s*none|visibility\s*:\s*hidden|(?:font-size|opacity)\s*:\s*0(?:[^.\d]|$)/i;

/** What a reader of the rendered page does not read: machinery, controls, navigation, hidden text. */
export function isLeftOut(element: HtmlElement): boolean {
  if (
    (notProse.has(element.tagName) && !isShadowRoot(element) && !isBox(element)) ||
    (element.tagName === 'button' && !isLabel(element))
  )
    return true;
  if (element.tagName === 'noscript' && asksForScripts(element)) return true;
  if (isInvisible(element)) return true;
  return element.attrs.some(
    ({ name, value }) =>
      // Icons and second copies of formulas; a part of the page is hidden from those who listen, not from those who look.
      (name === 'aria-hidden' && value === 'true' && !blocks.has(element.tagName)) ||
      (name === 'role' && notContent.has(value)),
  );
}

/** Nobody sees it. */
export const isInvisible = (element: HtmlElement): boolean =>
  (element.tagName === 'template' && !isShadowRoot(element)) ||
  element.attrs.some(
    ({ name, value }) =>
      (name === 'hidden' && value.toLowerCase() !== 'until-found') ||
      (name === 'style' && invisible.test(value) && !holdsFormula(element)),
  );

/** A formula is hidden where a picture shows it to old browsers, as in Wikipedia. */
const holdsFormula = (element: HtmlElement): boolean =>
  element.childNodes.length === 1 &&
  'tagName' in element.childNodes[0]! &&
  element.childNodes[0].tagName === 'math';

/** `Please enable JavaScript` is not said to a reader of the text. */
function asksForScripts(element: HtmlElement): boolean {
  const text = childrenOf(element).map(textBelow).join('');
  return text.length <= longestCall && /javascript/i.test(text);
}

/** In UTF-16 units; what is longer is a page for those who have none. */
const longestCall = 400;

const textBelow = (node: HtmlNode): string =>
  'value' in node ? node.value : childrenOf(node).map(textBelow).join('');

const headings = new Set('h1 h2 h3 h4 h5 h6 summary'.split(' '));
/** Elements around a button that are looked at. */
const headingWithin = 4;

/** A button that is the heading of a part which folds away, or opens one; a menu is no part of the page. */
function isLabel(button: HtmlElement): boolean {
  if (attribute(button, 'aria-haspopup') !== undefined) return false;
  if (button.attrs.some(({ name }) => name === 'aria-controls' || name === 'aria-expanded')) return true;
  let around = button.parentNode;
  for (let n = 0; n < headingWithin && around && isElement(around); n++, around = around.parentNode)
    if (headings.has(around.tagName) || attribute(around, 'role') === 'heading') return true;
  return false;
}
