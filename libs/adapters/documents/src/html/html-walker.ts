import type { TextBuilder } from '../text-builder.ts';
import { blocks } from './blocks.ts';
import { captionOf, inlineText, marksOf, rawText, wordsFor } from './inline-text.ts';
import { isList, listLines, numbersOf } from './lists.ts';
import { ShownLine } from './shown-line.ts';
import { tableLines } from './table-rows.ts';
import {
  cellsOf,
  childrenOf,
  elements,
  isElement,
  isLeftOut,
  rowsOf,
  type HtmlElement,
  type HtmlNode,
} from './html-tree.ts';

const structured = new Set('h1 h2 h3 h4 h5 h6 table pre article section'.split(' '));

/** Walks a page in reading order and hands each block of text to the builder. */
export class HtmlWalker {
  /** Inline text of the paragraph being read. */
  private readonly pending = new ShownLine();
  /** Numbers of the items of lists whose items are more than lines. */
  private readonly numbers = new Map<HtmlElement, string>();
  /** Of the item that has begun: it goes before the words that the item begins with. */
  private number = '';

  constructor(readonly builder: TextBuilder) {}

  walk(node: HtmlNode): void {
    this.visitChildren(node);
    this.flush();
  }

  private visitChildren(node: HtmlNode): void {
    for (const child of childrenOf(node)) {
      const [open, close] = marksOf(this.pending.end, child);
      this.pending.add(open);
      this.visit(child);
      this.pending.add(close);
    }
  }

  private visit(node: HtmlNode): void {
    if ('value' in node) this.pending.add(collapsed(node.value));
    if (!isElement(node) || isLeftOut(node)) return;
    if (node.tagName === 'br') this.pending.add('\n');
    else if (!blocks.has(node.tagName)) this.inline(node);
    else {
      this.flush();
      this.block(node);
      this.flush();
    }
  }

  private inline(element: HtmlElement): void {
    const words = wordsFor(element);
    if (words === undefined) this.visitChildren(element);
    else this.pending.add(collapsed(words));
  }

  private block(element: HtmlElement): void {
    if (!this.hasAdded(element)) this.container(element);
    else this.number = '';
  }

  /** Adds what is a block of its own. */
  private hasAdded(element: HtmlElement): boolean {
    const level = /^h([1-6])$/.exec(element.tagName)?.[1];
    if (level) this.builder.heading(Number(level), inlineText(element));
    else if (element.tagName === 'pre' || element.tagName === 'textarea')
      this.builder.add('code', rawText(element).replace(/^\n/, ''));
    else if (element.tagName === 'table' && isData(element)) this.table(element);
    else if (isPlainList(element)) this.builder.add('list', listLines(element).join('\n'));
    else return false;
    return true;
  }

  private container(element: HtmlElement): void {
    if (element.tagName === 'ol')
      for (const [item, number] of numbersOf(element)) this.numbers.set(item, number);
    const number = this.numbers.get(element);
    this.number = number ?? this.number;
    this.visitChildren(element);
    this.flush();
    if (number !== undefined) this.number = '';
  }

  private table(table: HtmlElement): void {
    const caption = captionOf(table);
    if (caption) this.builder.add('paragraph', inlineText(caption));
    const rows = rowsOf(table);
    const lines = tableLines(table).filter((line) => /[^\s|]/.test(line));
    const isHeader = lines.length > 1 && rows[0] !== undefined && cellsOf(rows[0]).length > 1;
    this.builder.add('table', lines.join('\n'), isHeader ? { label: lines[0] } : {});
  }

  private flush(): void {
    const text = tidy(this.pending.take()).trim();
    if (text === '') return;
    this.builder.add('paragraph', `${this.number} ${text}`);
    this.number = '';
  }
}

/** A table of values; tables that hold headings, long texts, or other tables but small ones in cells, are page layout. */
function isData(table: HtmlElement): boolean {
  const inside = [...elements(table)];
  const tables = inside.filter(({ tagName }) => tagName === 'table');
  if (tables.length > 0 && !holdsInCells(table, tables)) return false;
  const hasNames = inside.some(({ tagName }) => tagName === 'th');
  return !inside.some((each) =>
    each.tagName === 'pre'
      ? !hasNames && rawText(each).trim().includes('\n')
      : (structured.has(each.tagName) && each.tagName !== 'table') || each.tagName === 'form',
  );
}

/** Are these tables values of a table of several columns? They hold no further ones, and no more than a cell does. */
function holdsInCells(table: HtmlElement, inside: readonly HtmlElement[]): boolean {
  const rows = rowsOf(table).map(cellsOf);
  const columned = rows.filter((cells) => cells.length > 1);
  if (rows.length < 2 || columned.length * 2 <= rows.length) return false;
  if (inside.some((each) => [...elements(each)].some(({ tagName }) => tagName === 'table'))) return false;
  const longest = rows.flat().some(({ tagName }) => tagName === 'th') ? longestUnderNames : longestInCell;
  return inside.every((each) => inlineText(each).length <= longest);
}

/** In characters: more is no value. */
const longestInCell = 400;
/** In a table that names its columns. */
const longestUnderNames = 2000;

/** A list whose items are lines of text; a list used as layout is walked like any other container. */
const isPlainList = (element: HtmlElement): boolean =>
  isList(element) && ![...elements(element)].some(({ tagName }) => structured.has(tagName));

/** White space as a browser shows it; no-break blanks count as blanks. */
const collapsed = (text: string): string => text.replace(/[\s\u00a0]+/g, ' ');

const tidy = (text: string): string =>
  text
    .replace(/ *\n */g, '\n')
    .replace(/ {2,}/g, ' ')
    .replace(/\n{2,}/g, '\n');
