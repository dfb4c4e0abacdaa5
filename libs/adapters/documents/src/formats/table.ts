import type { Extract, ReaderContext, Source } from '../extract.ts';
import { readCsv } from './csv.ts';
import { readDocx } from './docx.ts';
import { readEml } from './eml.ts';
import { readHtml } from './html.ts';
import { readJson } from './json.ts';
import { readMarkdown } from './markdown.ts';
import type { FormatName } from './names.ts';
import { readPdf } from './pdf.ts';
import { readPptx } from './pptx.ts';
import { readSvg } from './svg.ts';
import { readAsciidoc, readCode, readText } from './text.ts';
import { readXlsx } from './xlsx.ts';

/** A source whose bytes have been decoded where the format is a textual one; '' otherwise. */
export type DecodedSource = Source & { readonly text: string };
export type Reader = (source: DecodedSource, context: ReaderContext) => Extract | Promise<Extract>;

export interface Format {
  readonly read: Reader;
  /** Goes up when the same file may give another text or other blocks: part of a chunk's lineage. */
  readonly version: number;
}

/** Every format with its reader. A reader loads its library at the first file that needs it. */
export const formats: Readonly<Record<FormatName, Format>> = {
  text: { version: 3, read: ({ text }) => readText(text) },
  code: { version: 3, read: ({ text }) => readCode(text) },
  asciidoc: { version: 3, read: ({ text }) => readAsciidoc(text) },
  markdown: { version: 6, read: ({ text }) => readMarkdown(text) },
  html: { version: 6, read: ({ text }, context) => readHtml(text, context) },
  svg: { version: 3, read: ({ text }, context) => readSvg(text, context) },
  csv: { version: 5, read: ({ text }, context) => readCsv(text, context) },
  json: { version: 4, read: ({ text }, context) => readJson(text, context) },
  eml: { version: 6, read: readEml },
  pdf: { version: 6, read: readPdf },
  docx: { version: 5, read: readDocx },
  pptx: { version: 3, read: readPptx },
  xlsx: { version: 6, read: readXlsx },
};
