import { describe, expect, it } from 'vitest';
import { bytesOf } from '../testing/made-files.ts';
import { pdfOf } from '../testing/made-pdf.ts';
import { detect } from './detect.ts';

const mail = 'From: a@b\nTo: c@d\nSubject: x\n';

describe('the format of a text', () => {
  it.each([
    ['by media type', 'a,b', { mediaType: 'text/csv; charset=utf-8' }, 'csv'],
    ['by the ending of its name', '# a', { filename: 'docs/Page.MD' }, 'markdown'],
    [
      'by its name when the type is vague',
      '# a',
      { filename: 'a.md', mediaType: 'application/octet-stream' },
      'markdown',
    ],
    ['by its name when the type is plain', '# a', { filename: 'a.md', mediaType: 'text/plain' }, 'markdown'],
    ['plain when the sender says so', '<html>', { mediaType: 'text/plain' }, 'text'],
    ['HTML by its beginning', ' <!-- x --><!DOCTYPE html><p>', {}, 'html'],
    ['JSON by its whole', '{"a": 1}', {}, 'json'],
    ['not JSON when it only begins like it', '[1] says the footnote', {}, 'text'],
    ['a mail by its head', 'From: a@b\r\nTo: c@d\r\nSubject: x\r\n\r\nhi', {}, 'eml'],
    ['not a mail with one such line', 'From: the beginning\n\nto the end', {}, 'text'],
    ['SVG by its root', '<?xml version="1.0"?><svg xmlns="x"/>', {}, 'svg'],
    ['XML as source', '<?xml version="1.0"?><a/>', {}, 'code'],
    [
      'HTML in a file called text',
      '<!DOCTYPE html>\n<p>',
      { filename: 'a.txt', mediaType: 'text/plain' },
      'html',
    ],
    ['a mail in a file called text', `${mail}MIME-Version: 1.0\n\nhi`, { filename: 'a.txt' }, 'eml'],
    ['text that quotes a mail', `${mail}\nhi`, { filename: 'a.txt' }, 'text'],
    ['text that is about HTML', '<body> holds a page.', { filename: 'a.txt' }, 'text'],
    ['text that is about PDF', 'A PDF begins with %PDF-1.7 and has startxref near its end.', {}, 'text'],
    ['text without a hint', 'hello', {}, 'text'],
  ])('is told %s', (_, text, hints, format) => {
    expect(detect({ bytes: bytesOf(text), ...hints }).format).toBe(format);
  });

  it.each([
    ['NUL bytes', 'a\0b'],
    ['many characters that no text has', '\x01\x02a'],
  ])('is refused for its %s by name', (what, text) => {
    expect(() => detect({ bytes: bytesOf(text), mediaType: 'text/plain' })).toThrow(
      `nor text: it has ${what}`,
    );
  });
});

it('takes what is called a PDF for one wherever its header and its end lie', () => {
  const bytes = Buffer.concat([bytesOf('junk '.repeat(50)), pdfOf([[]]), new Uint8Array(5000)]);
  expect(detect({ bytes, filename: 'a.pdf' }).format).toBe('pdf');
  expect(() => detect({ bytes: bytesOf('junk'), filename: 'a.pdf' })).toThrow('is not one');
});

it('takes an archive that begins with a PDF for an archive', () => {
  const header = new Uint8Array(512);
  header.set(bytesOf('mill.pdf'));
  header.set(bytesOf('ustar'), 257);
  const bytes = Buffer.concat([header, pdfOf([[]])]);
  expect(() => detect({ bytes })).toThrow('it is a tar archive');
});
