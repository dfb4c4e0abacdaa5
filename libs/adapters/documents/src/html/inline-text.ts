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
import { saidMark } from './list-numbers.ts';
import { mathText } from './math-ml.ts';
import { scriptMarks, type Script } from '../powers.ts';
import { ShownLine } from './shown-line.ts';

/** The words of an element on one line. */
export function inlineText(element: HtmlElement, except: ReadonlySet<HtmlElement> = new Set()): string {
  const line = new ShownLine();
  const addChildren = (node: HtmlNode): void => childrenOf(node).forEach(add);
  const add = (node: HtmlNode): void => {
    if ('value' in node) line.add(node.value);
    else if (!isElement(node)) return;
    else if (isLeftOut(node) || except.has(node)) line.add(' ');
    else addShown(node);
  };
  const addShown = (node: HtmlElement): void => {
    const words = node.tagName === 'table' ? ` ${tableOnOneLine(node, except)} ` : wordsFor(node);
    const [open, close] = marksOf(line.end, node);
    line.add(open);
    if (words !== undefined) line.add(words);
    else if (node.tagName === 'br') line.add(' ');
    else if (!blocks.has(node.tagName)) addChildren(node);
    else {
      line.add(node.tagName === 'li' ? ` ${saidMark(node) ?? ''} ` : ' ');
      addChildren(node);
      line.add(' ');
    }
    line.add(close);
  };
  addChildren(element);
  return line.take().replace(/\s+/g, ' ').trim();
}

/** What keeps raised or lowered text apart from what is shown before it. */
export function marksOf(before: string, node: HtmlNode): readonly [open: string, close: string] {
  const script = isElement(node) && !isLeftOut(node) ? scripts[node.tagName] : undefined;
  return scriptMarks(before, script ? rawText(node) : '', script);
}

const scripts: Readonly<Record<string, Script>> = { sup: 'above', sub: 'below' };

/** `Size: 3 m; Weight: 4 kg`: two cells are a name and its value. */
const tableOnOneLine = (table: HtmlElement, except: ReadonlySet<HtmlElement>): string =>
  [captionOf(table) ?? [], rowsOf(table).filter((row) => !isLeftOut(row))]
    .flat()
    .map((row) => (row.tagName === 'tr' ? cellsOf(row) : [row]))
    .map((cells) => cells.map((cell) => (isLeftOut(cell) ? '' : inlineText(cell, except))))
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
