import { describe, expect, it } from 'vitest';
import { docxOf, pptxOf } from './testing/made-files.ts';
import { pdfOf } from './testing/made-pdf.ts';
import { read } from './testing/read.ts';

const messageOf = (reading: Promise<unknown>): Promise<string> =>
  reading.then(
    () => 'read',
    (error: unknown) => (error instanceof Error ? error.message : ''),
  );

describe('a file without text', () => {
  it.each([
    ['PDF', pdfOf([[]])],
    ['Word', docxOf('<w:p/>')],
    ['PowerPoint', pptxOf([''])],
  ])('may be a scan, so that its sender is told of OCR: %s', async (_, bytes) => {
    expect(await messageOf(read(bytes))).toMatch(/OCR/);
  });

  it.each([
    ['JSON', '{}', 'a.json'],
    ['HTML', '<script>let a</script>', 'a.html'],
    ['text', ' ', 'a.txt'],
  ])('is no scan: %s', async (_, text, filename) => {
    const message = await messageOf(read(text, { filename }));
    expect(message).toMatch(/Send/);
    expect(message).not.toMatch(/OCR/);
  });
});
