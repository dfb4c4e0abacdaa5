import type { Line } from './pdf-lines.ts';

/** No running head is longer, in UTF-16 units. */
const longestHead = 200;

/** A number by itself, or one of a total as in 3/10: no part of a date, an amount or a telephone number. */
const loneNumber = /(?<![\d\p{L}]|\d[-.,:/])\d{1,6}(?![\d\p{L}]|[-.,:]\d|\/\d+\/)/gu;

/** What stands before the number of a page in many languages. */
const pageWord =
  /(?:^|[^\p{L}])(?:page|pages|pp?|pg|seite|s|página|páginas|pagina|pág|pag|sida|side|sid|strona|strana|str|стр|страница|сторінка|sivu|oldal|sayfa|halaman|trang|第)[.:#]? ?$/iu;

/** What stands after it in Chinese, Japanese and Korean. */
const pageCounter = /^ ?[頁页ページ쪽]/u;

/** Where a line stands. */
export interface Standing {
  /** Its page, from 0. */
  readonly page: number;
  /** How many pages there are. */
  readonly pages: number;
  /** Nothing else is at its height. */
  readonly isAlone: boolean;
}

/**
 * The text of a line with the number of its page told by how far it is from the page's place in the file, once for
 * each number in it that can be one.
 *
 * What rises by one from page to page may be the number of an invoice. A page's number stands with a word for pages, or
 * before their total, or has nothing beside it; after a wide gap it is one when it is the page's place in the file.
 */
export function readingsByPage(line: Line, { page, pages, isAlone }: Standing): string[] {
  if (line.text.length > longestHead) return [];
  return [...line.text.matchAll(loneNumber)].flatMap(({ 0: number, index }) => {
    const before = line.text.slice(0, index);
    const after = line.text.slice(index + number.length);
    const isPage =
      saysPage(before, after, pages) ||
      (isBare(line.text, number) && isAlone) ||
      (line.segments.some(({ text }) => isBare(text, number)) && Number(number) === page + 1);
    return isPage ? [`${before}#${Number(number) - page}#${after}`] : [];
  });
}

function saysPage(before: string, after: string, pages: number): boolean {
  const total = /^ ?(?:\/|of|von|de|sur|di|van|af|av|z|из) ?(\d+)(?!\d)/iu.exec(after)?.[1];
  return pageWord.test(before) || pageCounter.test(after) || Number(total) === pages;
}

/** With nothing but dashes and the like about it, and no zeros before it. */
const isBare = (text: string, number: string): boolean =>
  text.replace(/[-–—|·•~[\]() ]/g, '') === number && /^[1-9]\d{0,3}$/.test(number);

/**
 * A year with nothing beside it may be the heading of its page, in every year a page. It is the page's number only
 * where those of most pages, which are no years, say so.
 */
export const isLoneYear = ({ text }: Line): boolean => /^(?:1[89]|20)\d\d$/.test(text);
