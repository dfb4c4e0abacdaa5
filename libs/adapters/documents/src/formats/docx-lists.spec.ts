import { describe, expect, it } from 'vitest';
import { docxOf } from '../testing/made-files.ts';
import { read } from '../testing/read.ts';

const w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';

/** A level: its format, its text, and whatever else it says. */
const level = (at: number, format: string, text: string, more = '', start: number | string = 1): string =>
  `<w:lvl w:ilvl="${at}"><w:start w:val="${start}"/><w:numFmt w:val="${format}"/>${more}<w:lvlText w:val="${text}"/></w:lvl>`;
const kind = (id: number, ...content: readonly string[]): string =>
  `<w:abstractNum w:abstractNumId="${id}">${content.join('')}</w:abstractNum>`;
const list = (id: number, ofKind: number, overrides = ''): string =>
  `<w:num w:numId="${id}"><w:abstractNumId w:val="${ofKind}"/>${overrides}</w:num>`;
const override = (at: number, start: number | string): string =>
  `<w:lvlOverride w:ilvl="${at}"><w:startOverride w:val="${start}"/></w:lvlOverride>`;
const legal = [level(0, 'decimal', '%1.'), level(1, 'decimal', '%1.%2.'), level(2, 'decimal', '%1.%2.%3.')];

const numbers = (id: number | string, at?: number | string): string =>
  `<w:numPr>${at === undefined ? '' : `<w:ilvl w:val="${at}"/>`}<w:numId w:val="${id}"/></w:numPr>`;
const paragraph = (text: string, properties = ''): string =>
  `<w:p><w:pPr>${properties}</w:pPr>${text && `<w:r><w:t>${text}</w:t></w:r>`}</w:p>`;
const item = (text: string, id: number | string, at: number | string = 0): string =>
  paragraph(text, numbers(id, at));
const styled = (text: string, style: string, more = ''): string =>
  paragraph(text, `<w:pStyle w:val="${style}"/>${more}`);
const style = (id: string, properties: string, based = '', type = 'paragraph'): string =>
  `<w:style w:type="${type}" w:styleId="${id}">${based && `<w:basedOn w:val="${based}"/>`}<w:pPr>${properties}</w:pPr></w:style>`;

const textOf = async (numbering: string, body: string, styles = ''): Promise<string> => {
  const parts = {
    'word/numbering.xml': `<w:numbering ${w}>${numbering}</w:numbering>`,
    'word/styles.xml': `<w:styles ${w}>${styles}</w:styles>`,
  };
  return (await read(docxOf(body, parts))).text;
};

describe('the numbers of lists in Word', () => {
  it('go on behind other paragraphs', async () => {
    const body = item('Scope', 1) + item('Payment', 1) + paragraph('Due in May.') + item('Liability', 1);
    expect(await textOf(kind(0, ...legal) + list(1, 0), body)).toBe(
      '1. Scope\n2. Payment\n\nDue in May.\n\n3. Liability',
    );
  });

  it('have those of the levels above, and begin anew below them', async () => {
    const body = [
      item('Terms', 1),
      item('Mill', 1, 1),
      item('Payment', 1),
      item('Fees', 1, 1),
      item('a month', 1, 2),
      item('a year', 1, 2),
      item('Late', 1, 1),
      item('a day', 1, 2),
    ].join('');
    expect(await textOf(kind(0, ...legal) + list(1, 0), body)).toBe(
      '1. Terms\n  1.1. Mill\n2. Payment\n  2.1. Fees\n    2.1.1. a month\n    2.1.2. a year\n  2.2. Late\n    2.2.1. a day',
    );
  });

  it('count by kind: lists of one go on with one another, those of another do not', async () => {
    const kinds = kind(0, ...legal) + kind(1, level(0, 'decimal', '%1)'));
    const body = item('a', 1) + item('b', 3) + item('c', 2) + item('d', 3) + item('e', 1);
    expect(await textOf(kinds + list(1, 0) + list(2, 0) + list(3, 1), body)).toBe(
      '1. a\n1) b\n2. c\n2) d\n3. e',
    );
  });

  it('begin where a list says, once', async () => {
    const lists = list(1, 0) + list(2, 0, override(0, 5)) + list(3, 1);
    const kinds = kind(0, ...legal) + kind(1, level(0, 'lowerLetter', '(%1)', '', 3));
    const body =
      ['a', 'b'].map((text) => item(text, 1)).join('') + item('c', 2) + item('d', 1) + item('e', 2);
    expect(await textOf(kinds + lists, body + item('f', 3) + item('g', 3))).toBe(
      '1. a\n2. b\n5. c\n6. d\n7. e\n(c) f\n(d) g',
    );
  });

  it('are written as a list of its own has its levels', async () => {
    const own = `<w:lvlOverride w:ilvl="0">${level(0, 'upperRoman', 'Art. %1')}</w:lvlOverride>`;
    const body = item('a', 1) + item('b', 2);
    expect(await textOf(kind(0, ...legal) + list(1, 0) + list(2, 0, own), body)).toBe('1. a\nArt. II b');
  });

  it('of a level may never begin anew, or only behind one far above', async () => {
    const restart = (after: number): string => `<w:lvlRestart w:val="${after}"/>`;
    const kinds = kind(
      0,
      level(0, 'decimal', '%1'),
      level(1, 'decimal', '%2', restart(0)),
      level(2, 'decimal', '%3', restart(1)),
    );
    const round = item('a', 1, 1) + item('b', 1, 2);
    expect(await textOf(kinds + list(1, 0), `${item('x', 1)}${round}${round}${item('y', 1)}${round}`)).toBe(
      '1 x\n  1 a\n    1 b\n  2 a\n    2 b\n2 y\n  3 a\n    1 b',
    );
  });

  it('are digits throughout where the level is a legal one', async () => {
    const kinds = kind(0, level(0, 'upperRoman', '%1.'), level(1, 'lowerLetter', '%1.%2', '<w:isLgl/>'));
    expect(await textOf(kinds + list(1, 0), item('a', 1) + item('b', 1, 1))).toBe('I. a\n  1.1 b');
  });

  it('of a level that was left out are those it begins with', async () => {
    expect(await textOf(kind(0, ...legal) + list(1, 0), item('a', 1, 1) + item('b', 1, 1))).toBe(
      '1.1. a\n1.2. b',
    );
  });

  it('are none for bullets and for levels without a text', async () => {
    const kinds = kind(0, level(0, 'bullet', '\uf0b7'), level(1, 'none', ''));
    expect(await textOf(kinds + list(1, 0), item('a', 1) + item('b', 1) + item('c', 1, 1))).toBe(
      '- a\n- b\n\nc',
    );
  });

  it('are told of all nine levels', async () => {
    const kinds = kind(0, ...Array.from({ length: 9 }, (_, at) => level(at, 'decimal', `%${at + 1})`)));
    const body = Array.from({ length: 9 }, (_, at) => item('x', 1, at)).join('');
    expect((await textOf(kinds + list(1, 0), body)).split('\n').map((line) => line.trim())).toEqual(
      Array.from({ length: 9 }, () => '1) x'),
    );
  });
});

describe('paragraphs of Word that a style numbers', () => {
  const kinds = kind(
    0,
    level(0, 'decimal', '%1', '<w:pStyle w:val="Heading1"/>'),
    level(1, 'decimal', '%1.%2', '<w:pStyle w:val="Heading2"/>'),
    level(2, 'lowerLetter', '(%3)', '<w:pStyle w:val="Clause"/>'),
  );
  const styles = [
    style('Heading1', numbers(1)),
    style('Heading2', '<w:numPr><w:ilvl w:val="1"/></w:numPr>', 'Heading1'),
    style('Clause', numbers(1)),
    style('Sub', '', 'Clause'),
  ].join('');

  it('have their number: headings in their words, and in what stands below them', async () => {
    const body = [
      styled('Terms', 'Heading1'),
      styled('Mill', 'Heading2'),
      styled('at Orval', 'Clause'),
      styled('by the river', 'Sub'),
      styled('Payment', 'Heading1'),
      styled('Preface', 'Heading1', numbers(0)),
      styled('Fees', 'Heading2'),
    ].join('');
    expect(await textOf(kinds + list(1, 0), body, styles)).toBe(
      '1 Terms\n\n1.1 Mill\n\n(a) at Orval\n(b) by the river\n\n2 Payment\n\nPreface\n\n2.1 Fees',
    );
  });

  it('have it without a blank where the level says so', async () => {
    const chapter = kind(0, level(0, 'chineseCounting', '第%1章', '<w:suff w:val="nothing"/>'));
    expect(await textOf(chapter + list(1, 0), styled('水車', 'Heading1'), styles)).toBe('第一章水車');
  });

  it('are found through a style of lists', async () => {
    const linked =
      kind(0, '<w:styleLink w:val="Legal"/>', ...legal) +
      kind(1, '<w:numStyleLink w:val="Legal"/>') +
      kind(2, '<w:numStyleLink w:val="Other"/>');
    const others = style('Other', numbers(1), '', 'numbering');
    const body = item('a', 1) + item('b', 2) + item('c', 3, 1);
    expect(await textOf(linked + list(1, 0) + list(2, 1) + list(3, 2), body, others)).toBe(
      '1. a\n2. b\n  2.1. c',
    );
  });

  it('keep two styles of lists apart', async () => {
    const own = style('ListNumber', numbers(1)) + style('ListNumber2', numbers(2));
    const two = kind(0, level(0, 'decimal', '%1.')) + kind(1, level(0, 'decimal', '%1.'));
    const body = ['ListNumber', 'ListNumber', 'ListNumber2', 'ListNumber'].map((each) => styled('a', each));
    expect(await textOf(two + list(1, 0) + list(2, 1), body.join(''), own)).toBe('1. a\n2. a\n1. a\n3. a');
  });
});

describe('numbered paragraphs of Word that are not all there', () => {
  const numbering = kind(0, ...legal) + list(1, 0);

  it('count when they are empty, and are not shown', async () => {
    expect(await textOf(numbering, item('a', 1) + item('', 1) + item('c', 1))).toBe('1. a\n3. c');
  });

  it('are shown in cells: a column may have nothing but numbers', async () => {
    const row = (...cells: readonly string[]): string =>
      `<w:tr>${cells.map((cell) => `<w:tc>${cell}</w:tc>`).join('')}</w:tr>`;
    const rows = row(item('', 1), paragraph('Oak')) + row(item('', 1), item('Elm', 1, 1));
    expect(await textOf(numbering, `<w:tbl>${rows}</w:tbl>`)).toBe('1. | Oak\n2. | 2.1. Elm');
  });

  it('do not count when they are deleted, moved or hidden; what is joined has one number', async () => {
    const end = (mark: string): string => `${numbers(1, 0)}<w:rPr>${mark}</w:rPr>`;
    const body = [
      item('a', 1),
      paragraph('b and ', end('<w:del/>')),
      item('c', 1),
      `<w:p><w:pPr>${end('<w:moveFrom/>')}</w:pPr><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom></w:p>`,
      `<w:p><w:pPr>${end('<w:vanish/>')}</w:pPr><w:r><w:rPr><w:vanish/></w:rPr><w:t>gone</w:t></w:r></w:p>`,
      item('d', 1),
    ];
    expect(await textOf(numbering, body.join(''))).toBe('1. a\n2. b and c\n3. d');
  });

  it('have what was theirs before a revision no more', async () => {
    const changed = `<w:pPrChange><w:pPr>${numbers(1, 0)}</w:pPr></w:pPrChange>`;
    expect(await textOf(numbering, paragraph('a', changed) + item('b', 1))).toBe('a\n\n1. b');
  });
});

describe('numbering of Word that is none', () => {
  it.each([
    ['a list that is not there', item('a', 77)],
    ['a level that is not there', item('a', 1, 7)],
    ['a level that Word has not', styled('a', 'Gone', numbers(1, 7))],
    ['no list', item('a', 0)],
  ])('leaves the words: %s', async (_, body) => {
    expect(await textOf(kind(0, ...legal) + list(1, 0), body)).toBe('a');
  });

  it('begins at what Word begins with where a start is absurd', async () => {
    const kinds = kind(0, level(0, 'lowerLetter', '%1.', '', '99999999999999999999'));
    expect(await textOf(kinds + list(1, 0, override(0, '-5')), item('a', 1) + item('b', 1))).toBe(
      '0. a\na. b',
    );
  });

  it('keeps marks short, whatever a level says, and what they have of HTML and CSS', async () => {
    const long = await textOf(
      kind(0, level(0, 'upperRoman', '%1'.repeat(50_000), '', 3888)) + list(1, 0),
      item('a', 1),
    );
    expect(long.length).toBeLessThan(300);
    const marks = kind(0, level(0, 'decimal', '&quot;\\&lt;%1&gt;&amp;;')) + list(1, 0);
    expect(await textOf(marks, item('a', 1))).toBe('"\\<1>&; a');
  });

  it('is read in time that grows with its length: levels, lists, and styles that stand on each other', async () => {
    const many = Array.from({ length: 2_000 }, (_, n) => n);
    const kinds = many.map((n) => kind(n, `<w:numStyleLink w:val="S${n}"/>`, ...legal, ...legal)).join('');
    const lists = many.map((n) => list(n + 1, n, override(n % 20, n))).join('');
    const styles = many.map((n) =>
      style(`S${n}`, numbers(n), `S${n + 1}`, n % 2 ? 'numbering' : 'paragraph'),
    );
    const body = many.map((n) => styled('a', `S${n}`, numbers(n, n % 12))).join('');
    expect((await textOf(kinds + lists, body, styles.join(''))).length).toBeGreaterThan(2_000);
  }, 20_000);
});
