import { boxMark } from '../box-mark.ts';
import { blocks } from './blocks.ts';
import {
  attribute,
  cellsOf,
  childrenOf,
  elements,
  isBox,
  isElement,
  isLeftOut,
  rowsOf,
  type HtmlElement,
  type HtmlNode,
} from './html-tree.ts';
import { mathText } from './math-ml.ts';
import { scriptSign, type Script } from '../powers.ts';

/** The words of an element on one line. */
export function inlineText(element: HtmlElement, except: ReadonlySet<HtmlElement> = new Set()): string {
  const text = (node: HtmlNode): string => {
    if ('value' in node) return node.value;
    if (!isElement(node) || isLeftOut(node) || except.has(node)) return ' ';
    const words = wordsFor(node);
    if (words !== undefined) return words;
    if (node.tagName === 'table') return ` ${tableOnOneLine(node, text)} `;
    const inner = together(childrenOf(node));
    return node.tagName === 'br' || blocks.has(node.tagName) ? ` ${inner} ` : inner;
  };
  const together = (nodes: readonly HtmlNode[]): string =>
    nodes.map((node, at) => powerSign(nodes[at - 1], node) + text(node)).join('');
  return together(childrenOf(element)).replace(/\s+/g, ' ').trim();
}

/** What keeps a raised or lowered number apart from what stands before it. */
export function powerSign(previous: HtmlNode | undefined, node: HtmlNode): '^' | '_' | '' {
  const script = isElement(node) && !isLeftOut(node) ? scripts[node.tagName] : undefined;
  if (!script || !previous || isBlock(previous)) return '';
  return scriptSign(rawText(previous), rawText(node), script);
}

const scripts: Readonly<Record<string, Script>> = { sup: 'above', sub: 'below' };

const isBlock = (node: HtmlNode): boolean => isElement(node) && blocks.has(node.tagName);

/** `Size: 3 m; Weight: 4 kg`: two cells are a name and its value. */
const tableOnOneLine = (table: HtmlElement, textOf: (cell: HtmlElement) => string): string =>
  [captionOf(table) ?? [], rowsOf(table).filter((row) => !isLeftOut(row))]
    .flat()
    .map((row) => (row.tagName === 'tr' ? cellsOf(row) : [row]).map((cell) => textOf(cell).trim()))
    .map((cells) => cells.filter((cell) => cell !== '').join(cells.length === 2 ? ': ' : ', '))
    .filter((row) => row !== '')
    .join('; ');

export const captionOf = (table: HtmlElement): HtmlElement | undefined =>
  table.childNodes.filter(isElement).find(({ tagName }) => tagName === 'caption');

/** The text of an element with its line breaks. */
export function rawText(node: HtmlNode): string {
  if ('value' in node) return node.value;
  if (!isElement(node) || isLeftOut(node)) return '';
  return node.tagName === 'br' ? '\n' : childrenOf(node).map(rawText).join('');
}

/** What stands in words for something drawn: a formula, a picture's description, a drawing's labels, a box, a line through words. */
export function wordsFor(element: HtmlElement): string | undefined {
  if (element.tagName === 'math') return mathText(element);
  if (element.tagName === 's' || element.tagName === 'strike') return struckOut(inlineText(element));
  if (isBox(element)) return `${boxMark(attribute(element, 'checked') !== undefined)} `;
  if (element.tagName === 'img') return ` ${description(element)} `;
  return element.tagName === 'svg' ? ` ${labels(element)} ` : undefined;
}

/** As in Markdown: what no longer holds is told from what does. */
const struckOut = (words: string): string => (words === '' ? '' : `~~${words}~~`);

const fileName = /^\S+\.(?:png|jpe?g|gif|svg|webp|avif|bmp|tiff?)$/i;

/** What Word says of a picture when nobody has: a scan would seem to have a text. */
const byProgram = /(?:automatically generated|AI-generated content may be incorrect)\.?$/i;

/** The alternative text that somebody wrote; programs put the file's name there, or a guess. */
function description(image: HtmlElement): string {
  const text = attribute(image, 'alt')?.trim() ?? '';
  return fileName.test(text) || byProgram.test(text) ? '' : text;
}

const labelled = new Set(['title', 'desc', 'text']);

const labels = (drawing: HtmlElement): string =>
  [...elements(drawing)]
    .filter((each) => labelled.has(each.tagName) && !isLeftOut(each))
    .map((each) => inlineText(each))
    .join(' ');
