import { MillraceError } from '@millrace/contracts';
import type { Extract, ReaderContext, Source } from '../extract.ts';
import { contentCheck, isEncrypted } from '../pdf/damaged-content.ts';
import { DamageListener } from '../pdf/encrypted-damage.ts';
import { filledInto, type Annotation } from '../pdf/filled-in.ts';
import { addPages, hasText, type Page } from '../pdf/pdf-layout.ts';
import { linesOf } from '../pdf/pdf-lines.ts';
import { pdfjsData } from '../pdf/pdfjs-data.ts';
import { TextBuilder } from '../text-builder.ts';

/** PDF: lines put together to paragraphs, larger type taken for headings, filled-in fields after them. Scripts in the file are never run. */
export async function readPdf({ bytes }: Source, { limits }: ReaderContext): Promise<Extract> {
  const isContentDamaged = contentCheck(bytes);
  const { getDocumentProxy } = await import('unpdf');
  const listener = isEncrypted(bytes) ? new DamageListener() : undefined;
  const pdf = await getDocumentProxy(new Uint8Array(bytes), {
    disableFontFace: true,
    enableXfa: false,
    stopAtErrors: false,
    verbosity: listener?.verbosity ?? 0,
    ...pdfjsData,
  }).catch((cause: unknown) => {
    listener?.end();
    return refuse(cause);
  });
  try {
    const pages: Page[] = [];
    for (let number = 1; number <= pdf.numPages; number++) pages.push(await pageOf(number));
    refuseUnlessRead(pages);
    const builder = new TextBuilder(limits.maxTextChars);
    addPages(builder, pages);
    return builder.build(await title());
  } finally {
    await pdf.loadingTask.destroy();
    listener?.end();
  }

  /** What is damaged of a page is passed over, and told in its place; the rest and other pages may be whole. */
  async function pageOf(number: number): Promise<Page> {
    let isDamaged = false;
    const heard = listener?.count;
    const passOver = (): undefined => void (isDamaged = true);
    const page = await pdf.getPage(number).catch(passOver);
    const content = await page?.getTextContent().catch(passOver);
    const annotations: unknown = await page?.getAnnotations().catch(passOver);
    page?.cleanup();
    isDamaged ||= heard !== listener?.count;
    return {
      lines: linesOf(content?.items ?? []),
      filledIn: filledInto((annotations ?? []) as Annotation[]),
      isDamaged: isDamaged || (page?.ref != null && isContentDamaged(page.ref.num)),
    };
  }

  async function title(): Promise<string | undefined> {
    const { info } = await pdf.getMetadata().catch(() => ({ info: {} }));
    return 'Title' in info && typeof info.Title === 'string' ? info.Title : undefined;
  }
}

/** Where damage left nothing to read, the file has not merely no text. */
function refuseUnlessRead(pages: readonly Page[]): void {
  if (pages.some(hasText) || !pages.some(({ isDamaged }) => isDamaged)) return;
  throw new MillraceError('unreadable_document', { detail: 'pdf: its pages are damaged' });
}

function refuse(cause: unknown): never {
  const isLocked = cause instanceof Error && cause.name === 'PasswordException';
  throw new MillraceError(isLocked ? 'encrypted_document' : 'unreadable_document', { cause });
}
