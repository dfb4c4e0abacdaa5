import { describe, expect, it } from 'vitest';
import { joinedRuns } from './office/rich-text.ts';
import { docxOf, pptxOf, relationshipsPart, wordParagraph, xlsxOf } from './testing/made-files.ts';
import { read } from './testing/read.ts';

const above = (text: string) => ({ text, script: 'above' as const });

describe('raised and lowered numbers', () => {
  it.each([
    ['the power of a number', [{ text: 'about 10' }, above('23')], 'about 10^23'],
    ['a power in several runs', [{ text: '1' }, { text: '0' }, above('-'), above('2'), above('3')], '10^-23'],
    ['the power of a letter', [{ text: '3 m' }, above('2')], '3 m^2'],
    ['the mark of a note', [{ text: 'mill' }, above('2')], 'mill2'],
    ['letters', [{ text: '5' }, above('th')], '5th'],
    ['a base', [{ text: '101' }, { text: '2', script: 'below' as const }], '101_2'],
    ['an atom', [{ text: 'H' }, { text: '2', script: 'below' as const }, { text: 'O' }], 'H2O'],
    ['alone', [above('2')], '2'],
  ])('are told from what they stand beside: %s', (_, runs, shown) => {
    expect(joinedRuns(runs)).toBe(shown);
  });

  const slideRun = (text: string, baseline: number): string =>
    `<a:r><a:rPr baseline="${baseline}"/><a:t>${text}</a:t></a:r>`;
  const sheetRun = (text: string, align: string): string =>
    `<r><rPr><vertAlign val="${align}"/></rPr><t>${text}</t></r>`;
  const rich = `<r><t>10</t></r>${sheetRun('23', 'superscript')}<r><t> of 101</t></r>${sheetRun('2', 'subscript')}`;
  const wordRun = (text: string, align: string): string =>
    `<w:r><w:rPr><w:vertAlign w:val="${align}"/></w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`;
  const word = `<w:p>${wordRun('10', 'baseline')}${wordRun('23', 'superscript')}${wordRun(' of 101', 'baseline')}${wordRun('2', 'subscript')}</w:p>`;
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
    ['HTML', '<!doctype html><p>10<sup>23</sup> of 101<sub>2</sub>'],
  ])('are told from what they stand beside in %s', async (_, file) => {
    expect((await read(file)).text).toMatch(/(?:^|\s)10\^23 of 101_2$/);
  });
});
