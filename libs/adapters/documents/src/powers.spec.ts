import { describe, expect, it } from 'vitest';
import { joinedRuns } from './powers.ts';
import { docxOf, pptxOf, relationshipsPart, wordParagraph, xlsxOf } from './testing/made-files.ts';
import { read } from './testing/read.ts';

const above = (text: string) => ({ text, script: 'above' as const });

describe('raised and lowered numbers', () => {
  it.each([
    ['the power of a number', [{ text: 'about 10' }, above('23')], 'about 10^23'],
    ['a power in several runs', [{ text: '1' }, { text: '0' }, above('-'), above('2'), above('3')], '10^-23'],
    ['the power of a letter', [{ text: '3 m' }, above('2')], '3 m^2'],
    ['the mark of a note', [{ text: 'mill' }, above('2')], 'mill2'],
    ['a power that is no whole number', [{ text: '10' }, above('1.5')], '10^1.5'],
    ['a power that is a letter', [{ text: '2' }, above('n')], '2^n'],
    ['the power of brackets', [{ text: '(1+r)' }, above('10')], '(1+r)^10'],
    ['a fraction as a power', [{ text: '5' }, above('1/2')], '5^(1/2)'],
    ['a difference as a power', [{ text: '2' }, above('64−1')], '2^(64−1)'],
    ['terms as the power of a letter', [{ text: 'x' }, above('n+1')], 'x^(n+1)'],
    ['the marks of notes behind a number', [{ text: '1990' }, above('1, 2')], '1990^(1, 2)'],
    ['the mark of a note behind a sentence', [{ text: 'in 1990.' }, above('1')], 'in 1990.^1'],
    ['a mark in brackets', [{ text: '1990' }, above('[1]')], '1990[1]'],
    ['a sign', [{ text: '20' }, above('°')], '20°'],
    ['an abbreviation', [{ text: 'M' }, above('me')], 'Mme'],
    ['the ending of a number', [{ text: '5' }, above('th')], '5th'],
    ['the mark of a note behind a fraction', [{ text: '5.3' }, above('a')], '5.3^a'],
    ['a letter as the power of a letter', [{ text: 'x' }, above('a')], 'x^a'],
    ['a letter as the power of brackets', [{ text: '(1+r)' }, above('e')], '(1+r)^e'],
    ['a large letter', [{ text: '2' }, above('A')], '2^A'],
    ['the power of a word in brackets', [{ text: '(radius)' }, above('2')], '(radius)^2'],
    ['the power of a measure', [{ text: '(3 cm)' }, above('2')], '(3 cm)^2'],
    ['the mark of a note behind a remark', [{ text: 'Mills (see it)' }, above('3')], 'Mills (see it)3'],
    ['degrees by a letter', [{ text: 'at 25' }, above('o'), { text: 'C.' }], 'at 25°C.'],
    ['degrees of a fraction', [{ text: '36.6' }, above('º'), { text: 'C' }], '36.6°C'],
    ['an ordinal before a word', [{ text: '2' }, above('o'), { text: 'Curso' }], '2oCurso'],
    ['an index of several terms', [{ text: 'x' }, { text: 'i+1', script: 'below' as const }], 'x_(i+1)'],
    ['several indices', [{ text: 'a' }, { text: 'ij', script: 'below' as const }], 'aij'],
    ['a base', [{ text: '101' }, { text: '2', script: 'below' as const }], '101_2'],
    ['an atom', [{ text: 'H' }, { text: '2', script: 'below' as const }, { text: 'O' }], 'H2O'],
    ['alone', [above('2')], '2'],
  ])('are told from what they stand beside: %s', (_, runs, shown) => {
    expect(joinedRuns(runs)).toBe(shown);
  });

  it.each([
    ['1', 'a o as os ª º er ra ro st re ère'],
    ['1.', 'a o er'],
    ['2', 'e es d de nd nde ème èmes eme ND'],
    ['23', 'rd th'],
    ['4', 'TM SM (R)'],
    ['x', 'TM (R)'],
    ['(1+r)', 'TM'],
  ])('leave joined what ends a number or marks a name: %s', (before, endings) => {
    const all = endings.split(' ');
    expect(all.map((ending) => joinedRuns([{ text: before }, above(ending)]))).toEqual(
      all.map((ending) => before + ending),
    );
  });

  it('stand for degrees in HTML too', async () => {
    const html =
      '<!doctype html><p>At 25<sup>o</sup>C, in <b>77<sup>o</sup></b>F or the 2<sup>o</sup> piso <a>x<sub>i+1</sub></a>.';
    expect((await read(html)).text).toBe('At 25°C, in 77°F or the 2o piso x_(i+1).');
    expect((await read('<!doctype html><ul><li>25<sup>o</sup>C</ul>')).text).toContain('25°C');
  });

  const slideRun = (text: string, baseline: number): string =>
    `<a:r><a:rPr baseline="${baseline}"/><a:t>${text}</a:t></a:r>`;
  const sheetRun = (text: string, align: string): string =>
    `<r><rPr><vertAlign val="${align}"/></rPr><t>${text}</t></r>`;
  const rich = `<r><t>10</t></r>${sheetRun('23', 'superscript')}<r><t> of 101</t></r>${sheetRun('2', 'subscript')}`;
  const wordRun = (text: string, align: string): string =>
    `<w:r><w:rPr><w:vertAlign w:val="${align}"/></w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`;
  const word = `<w:p>${wordRun('10', 'baseline')}${wordRun('23', 'superscript')}${wordRun(' of 101', 'baseline')}${wordRun('2', 'subscript')}</w:p>`;
  const styled = (text: string, style: string): string =>
    `<w:r><w:rPr><w:rStyle w:val="${style}"/></w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`;
  const styledWord = `<w:p>${styled('10', 'Strong')}${styled('23', 'Power')}${styled(' of 101', 'Strong')}${styled('2', 'Base')}</w:p>`;
  const wordStyle = (id: string, properties: string): string =>
    `<w:style w:type="character" w:styleId="${id}">${properties}</w:style>`;
  const raised = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>';
  const lowered = '<w:rPr><w:vertAlign w:val="subscript"/></w:rPr>';
  const wordStyles = `<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">${wordStyle('Raised', raised)}${wordStyle('Power', '<w:basedOn w:val="Raised"/>')}${wordStyle('Base', `<w:basedOn w:val="Raised"/>${lowered}`)}</w:styles>`;
  const slide = slideRun('10', 0) + slideRun('23', 30000) + slideRun(' of 101', 0) + slideRun('2', -25000);
  const shape = `<p:sp><p:txBody><a:p>${slide}</a:p></p:txBody></p:sp>`;
  const cell = { name: 'S', rows: '<row><c r="A1" t="s"><v>0</v></c></row>' };
  const inlineCell = { name: 'S', rows: `<row><c r="A1" t="inlineStr"><is>${rich}</is></c></row>` };
  const strings = { 'xl/sharedStrings.xml': `<sst><si>${rich}<rPh><t>x</t></rPh></si></sst>` };

  it.each([
    ['slides', pptxOf([shape])],
    ['sheets', xlsxOf([cell], strings)],
    ['cells with a text of their own', xlsxOf([inlineCell])],
    ['Word', docxOf(word)],
    [
      'comments in Word',
      docxOf(wordParagraph('see'), {
        'word/_rels/document.xml.rels': relationshipsPart({ rId1: ['comments', 'comments.xml'] }),
        'word/comments.xml': `<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:comment w:id="1">${word}</w:comment></w:comments>`,
      }),
    ],
    ['Word by style', docxOf(styledWord, { 'word/styles.xml': wordStyles })],
    ['HTML', '<!doctype html><p>10<sup>23</sup> of 101<sub>2</sub>'],
    [
      'HTML behind what is not shown',
      '<!doctype html><p>10<wbr><!-- x --><a id="a"></a><sup>23</sup> of <a>101</a><b><sub>2</sub></b>',
    ],
    ['a list of HTML', '<!doctype html><ul><li>10<!-- x --><sup>23</sup> of 101<wbr><sub>2</sub></ul>'],
  ])('are told from what they stand beside in %s', async (_, file) => {
    expect((await read(file)).text).toMatch(/(?:^|\s)10\^23 of 101_2$/);
  });
});
