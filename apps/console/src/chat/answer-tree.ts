import MarkdownIt, { type Token } from 'markdown-it';
import { splitCitations } from './cited-text.ts';

/** An element of an answer. */
export interface AnswerElement {
  readonly tag: (typeof tags)[number];
  readonly children: readonly AnswerNode[];
  /** Of a link: an address of the web, nothing else. */
  readonly href?: string | undefined;
  /** Of a numbered list that does not begin at 1. */
  readonly start?: number | undefined;
}

/** Text, the number of a source, or an element. */
export type AnswerNode = string | number | AnswerElement;

/** All that an answer can have. Headings stand below the question, which is an `h2`. */
const tags = [
  ...(['p', 'h3', 'h4', 'ul', 'ol', 'li', 'blockquote', 'pre', 'hr'] as const),
  ...(['table', 'thead', 'tbody', 'tr', 'th', 'td'] as const),
  ...(['strong', 'em', 's', 'a', 'code', 'br'] as const),
];

const markdown = new MarkdownIt({ html: false });

/**
 * What an answer in Markdown says, as a tree for the page: HTML in it stays text, a picture is its description (fetching
 * it would tell a stranger who reads), and `[n]` is a source where there is one.
 */
export function answerTree(text: string, sources: ReadonlySet<number>): AnswerNode[] {
  return nodesOf(markdown.parse(text, {}), sources);
}

function nodesOf(tokens: readonly Token[], sources: ReadonlySet<number>): AnswerNode[] {
  const top: AnswerNode[] = [];
  const open: AnswerNode[][] = [top];
  for (const token of tokens) {
    const into = open.at(-1)!;
    if (token.nesting === -1) {
      if (!token.hidden) open.pop();
    } else if (token.nesting === 1) {
      if (token.hidden) continue;
      const children: AnswerNode[] = [];
      into.push({ tag: tagOf(token), children, href: hrefOf(token), start: startOf(token) });
      open.push(children);
    } else into.push(...leavesOf(token, sources));
  }
  return top;
}

function leavesOf(token: Token, sources: ReadonlySet<number>): AnswerNode[] {
  const { type, content, children } = token;
  switch (type) {
    case 'inline':
      return nodesOf(children ?? [], sources);
    case 'softbreak':
      return ['\n'];
    case 'hardbreak':
      return [{ tag: 'br', children: [] }];
    case 'hr':
      return [{ tag: 'hr', children: [] }];
    case 'code_inline':
      return [{ tag: 'code', children: [content] }];
    case 'fence':
    case 'code_block':
      return [{ tag: 'pre', children: [{ tag: 'code', children: [content] }] }];
    default:
      return splitCitations(content, sources);
  }
}

const isKnown = (tag: string): tag is AnswerElement['tag'] => (tags as readonly string[]).includes(tag);

function tagOf({ tag }: Token): AnswerElement['tag'] {
  if (isKnown(tag)) return tag;
  return tag === 'h1' || tag === 'h2' ? 'h3' : 'h4';
}

function hrefOf(token: Token): string | undefined {
  const href = token.attrGet('href');
  return typeof href === 'string' && /^https?:\/\//i.test(href) ? href : undefined;
}

function startOf(token: Token): number | undefined {
  const start = token.attrGet('start');
  return start === null ? undefined : Number(start);
}
