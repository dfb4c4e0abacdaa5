import type { Env, MarkdownIt, Token } from 'markdown-it';

/** Of a heading, a cell and a row this much is read, in UTF-16 units. */
const longest = 1024;

/** The words of headings and of tables' first rows, without their markup. */
export class LabelReader {
  constructor(
    private readonly grammar: MarkdownIt,
    private readonly tokens: readonly Token[],
    /** Links that the page defines. */
    private readonly definitions: Env,
  ) {}

  /** @param open index of the token that opens the heading or the table */
  at(open: number): string {
    let label = '';
    for (let at = open; label.length < longest; at++) {
      const token = this.tokens[at];
      if (!token || ends.has(token.type)) break;
      if (token.type === 'inline') label += (label && ' | ') + this.words(token.content);
    }
    return label;
  }

  private words(markup: string): string {
    const [line] = this.grammar.parseInline(markup.slice(0, longest).toWellFormed(), this.definitions);
    const parts = line?.children ?? [];
    return wordsOf(parts) || namesOfPictures(parts);
  }
}

const ends: ReadonlySet<string> = new Set(['heading_close', 'tr_close']);
const blanks: ReadonlySet<string> = new Set(['softbreak', 'hardbreak']);
const words: ReadonlySet<string> = new Set(['text', 'code_inline']);

const wordsOf = (parts: readonly Token[]): string =>
  parts
    .map(({ type, content }) => (blanks.has(type) ? ' ' : words.has(type) ? content : ''))
    .join('')
    .trim();

/** Badges beside the words of a heading say nothing of what follows; a picture alone does. */
const namesOfPictures = (parts: readonly Token[]): string =>
  parts
    .filter(({ type }) => type === 'image')
    .map(({ content }) => content)
    .join(' ');
