import { MillraceError } from '@millrace/contracts';
import type { Extract, ReaderContext, Source } from '../extract.ts';
import { addPages } from '../pdf/pdf-layout.ts';
import { linesOf, type Line } from '../pdf/pdf-lines.ts';
import { pdfjsData } from '../pdf/pdfjs-data.ts';
import { TextBuilder } from '../text-builder.ts';

/** PDF: lines put together to paragraphs, larger type taken for headings. Scripts in the file are never run. */
export async function readPdf({ bytes }: Source, { limits }: ReaderContext): Promise<Extract> {
  const { getDocumentProxy } = await import('unpdf');
  const pdf = await getDocumentProxy(new Uint8Array(bytes), {
    disableFontFace: true,
    enableXfa: false,
    stopAtErrors: false,
    verbosity: 0,
    ...pdfjsData,
  }).catch(refuse);
  try {
    const pages: Line[][] = [];
    for (let number = 1; number <= pdf.numPages; number++) pages.push(await pageLines(number));
    const builder = new TextBuilder(limits.maxTextChars);
    addPages(builder, pages);
    return builder.build(await title());
  } finally {
    await pdf.loadingTask.destroy();
  }

  /** A damaged page is passed over; the others may be whole. */
  async function pageLines(number: number): Promise<Line[]> {
    try {
      const page = await pdf.getPage(number);
      const { items } = await page.getTextContent();
      page.cleanup();
      return linesOf(items);
    } catch {
      return [];
    }
  }

  async function title(): Promise<string | undefined> {
    const { info } = await pdf.getMetadata().catch(() => ({ info: {} }));
    return 'Title' in info && typeof info.Title === 'string' ? info.Title : undefined;
  }
}

function refuse(cause: unknown): never {
  const isLocked = cause instanceof Error && cause.name === 'PasswordException';
  throw new MillraceError(isLocked ? 'encrypted_document' : 'unreadable_document', { cause });
}
