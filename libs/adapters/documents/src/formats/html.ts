import type { DefaultTreeAdapterTypes } from 'parse5';
import type { Extract, ReaderContext } from '../extract.ts';
import { hiddenText } from '../html/hidden-text.ts';
import { HtmlWalker } from '../html/html-walker.ts';
import { attribute, elements, isElement, type HtmlElement, type HtmlNode } from '../html/html-tree.ts';
import { rawText } from '../html/inline-text.ts';
import { TextBuilder } from '../text-builder.ts';

/** HTML as a reader sees it: structure kept; scripts, styles, controls, navigation and hidden text left out. */
export async function readHtml(text: string, { limits }: ReaderContext): Promise<Extract> {
  const { parse, parseFragment } = await import('parse5');
  const document = parse(text);
  for (const element of elements(document))
    if (element.tagName === 'noscript') unfold(element, parseFragment(rawText(element)));
  const walker = new HtmlWalker(new TextBuilder(limits.maxTextChars));
  for (const root of contentRoots(document)) walker.walk(root);
  walker.builder.hide(hiddenText(document));
  return walker.builder.build(titleOf(document));
}

/** The parser takes what is meant for browsers without scripts as text; its pictures stand beside it once more. */
function unfold(noscript: HtmlElement, { childNodes }: DefaultTreeAdapterTypes.DocumentFragment): void {
  noscript.childNodes = childNodes.filter((child) => !isElement(child) || child.tagName !== 'img');
  for (const child of noscript.childNodes) child.parentNode = noscript;
}

/** The one `main` of a page, where it has one, below the header that has the page's heading; else the whole page. */
function contentRoots(document: HtmlNode): HtmlNode[] {
  const all = [...elements(document)];
  const [main, ...others] = all.filter(isMain);
  if (!main || others.length > 0) return [document];
  const headers = all
    .slice(0, all.indexOf(main))
    .filter((each) => each.tagName === 'header' && hasHeading(each));
  return [...headers.filter((header) => ![...elements(header)].includes(main)), main];
}

const hasHeading = (header: HtmlElement): boolean =>
  [...elements(header)].some(({ tagName }) => tagName === 'h1');

const isMain = (element: HtmlElement): boolean =>
  element.tagName === 'main' || attribute(element, 'role') === 'main';

function titleOf(document: HtmlNode): string | undefined {
  for (const element of elements(document)) {
    if (element.tagName === 'body') return undefined;
    if (element.tagName !== 'title') continue;
    return element.childNodes.map((child) => ('value' in child ? child.value : '')).join('');
  }
  return undefined;
}
