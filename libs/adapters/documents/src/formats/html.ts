import type { Extract, ReaderContext } from '../extract.ts';
import { HtmlWalker } from '../html/html-walker.ts';
import { attribute, elements, type HtmlElement, type HtmlNode } from '../html/html-tree.ts';
import { TextBuilder } from '../text-builder.ts';

/** HTML as a reader sees it: structure kept; scripts, styles, navigation and hidden text left out. */
export async function readHtml(text: string, { limits }: ReaderContext): Promise<Extract> {
  const { parse } = await import('parse5');
  const document = parse(text);
  const builder = new TextBuilder(limits.maxTextChars);
  new HtmlWalker(builder).walk(contentRoot(document));
  return builder.build(titleOf(document));
}

/** The one `main` of a page, where it has one; the whole page otherwise. */
function contentRoot(document: HtmlNode): HtmlNode {
  const mains = [...elements(document)].filter(isMain);
  return mains.length === 1 && mains[0] ? mains[0] : document;
}

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
