import { childrenOf, isElement, isInvisible, type HtmlNode } from './html-tree.ts';

/** What a page holds and shows to nobody: comments, and text that is made invisible. */
export function hiddenText(page: HtmlNode): string {
  const hidden: string[] = [];
  const waiting: { readonly node: HtmlNode; readonly isShown: boolean }[] = [{ node: page, isShown: true }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node } = next;
    if (isElement(node) && (node.tagName === 'script' || node.tagName === 'style')) continue;
    const isShown = next.isShown && !(isElement(node) && isInvisible(node));
    if ('data' in node) hidden.push(node.data);
    else if ('value' in node && !isShown) hidden.push(node.value);
    for (const child of inside(node).toReversed()) waiting.push({ node: child, isShown });
  }
  return hidden.join('\n');
}

const inside = (node: HtmlNode): readonly HtmlNode[] =>
  'content' in node ? node.content.childNodes : childrenOf(node);
