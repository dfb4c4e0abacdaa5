import type { OfficeParts } from '../office/office-package.ts';
import { relationshipsOf } from '../office/relationships.ts';
import { paragraphLines } from '../office/rich-text.ts';
import { attributeValue, descendants, readXml, xmlTree, type Element } from '../office/xml.ts';

/** More of what a comment is about is not said again. */
const longestQuote = 200;

/** The comments of a Word file, one line each: who says it, about which words, and what. */
export function commentLines(parts: OfficeParts, document: string): string[] {
  const related = [...relationshipsOf(parts, document).values()].find(({ type }) => type === 'comments');
  const xml = parts.get(related?.target ?? '');
  if (!xml) return [];
  const quotes = quotedWords(parts.get(document) ?? new Uint8Array());
  return [...descendants(xmlTree(xml), 'comment')].flatMap((comment) => {
    const text = wordsOf(comment);
    const author = attributeValue(comment.attributes, 'author');
    const quote = quotes.get(attributeValue(comment.attributes, 'id') ?? '');
    const about = quote ? ` on “${quote}”` : '';
    return text === '' ? [] : [`Comment${author ? ` by ${author}` : ''}${about}: ${text}`];
  });
}

/** The words of the document that each comment is about. */
function quotedWords(document: Uint8Array): Map<string, string> {
  const quotes = new Map<string, string>();
  const open = new Set<string>();
  let inText = false;
  const add = (text: string): void => {
    for (const id of open) {
      const quote = (quotes.get(id) ?? '') + text;
      quotes.set(id, quote.length > longestQuote ? `${quote.slice(0, longestQuote)}…` : quote);
      if (quote.length > longestQuote) open.delete(id);
    }
  };
  readXml(document, {
    open: (name, attributes) => {
      if (name === 'commentRangeStart') open.add(attributeValue(attributes, 'id') ?? '');
      if (name === 'commentRangeEnd') open.delete(attributeValue(attributes, 'id') ?? '');
      if (name === 't') inText = true;
      if (name === 'p' || name === 'tab' || name === 'br') add(' ');
    },
    text: (text) => {
      if (inText) add(text);
    },
    close: (name) => {
      if (name === 't') inText = false;
    },
  });
  return new Map([...quotes].map(([id, quote]) => [id, tidy(quote)]));
}

const wordsOf = (comment: Element): string => paragraphLines(comment).join(' ');

const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim();
