/**
 * Lists as Mammoth is to see them. It knows but numbered ones and others, and a browser would count them anew behind every
 * paragraph: so each paragraph has its mark in it, which ends up as the mark of its item in CSS.
 */

/** The two lists that are left, by their number. */
export const bulleted = 1;
export const numbered = 2;

/** The style of a run that is the mark of its paragraph. */
export const markStyle = 'MillraceListMark';

const levels = [0, 1, 2, 3, 4, 5, 6, 7, 8];

/** In place of the file's own numbering. */
export function mammothNumbering(): Uint8Array {
  const kind = (id: number, format: string): string =>
    `<w:abstractNum w:abstractNumId="${id}">${levels.map((level) => `<w:lvl w:ilvl="${level}"><w:numFmt w:val="${format}"/></w:lvl>`).join('')}</w:abstractNum>`;
  const list = (id: number): string => `<w:num w:numId="${id}"><w:abstractNumId w:val="${id}"/></w:num>`;
  return new TextEncoder().encode(
    `<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">${kind(bulleted, 'bullet')}${kind(numbered, 'decimal')}${list(bulleted)}${list(numbered)}</w:numbering>`,
  );
}

const listStyle = (type: 'ordered' | 'unordered', level: number): string =>
  `p:${type}-list(${level + 1}) => ${'ul|ol > li > '.repeat(level)}${type === 'ordered' ? 'ol' : 'ul'} > li:fresh`;

/** Marks, and the levels of lists that Mammoth's own styles leave out. */
export const mammothStyles: readonly string[] = [
  `r.${markStyle} => span.${markStyle}`,
  ...levels.slice(5).flatMap((level) => [listStyle('ordered', level), listStyle('unordered', level)]),
];

const markedItem = new RegExp(`<li><span class="${markStyle}">([^<]*)</span>`, 'g');

/** Items whose mark is said in CSS. */
export const withMarks = (html: string): string =>
  html.replace(markedItem, (_, mark: string) => {
    const inCss = mark
      .trim()
      .replaceAll('\\', '\\\\')
      .replace(/"|&quot;/g, '\\&quot;');
    return `<li style="list-style-type:&quot;${inCss}&quot;">`;
  });
