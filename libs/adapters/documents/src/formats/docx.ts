import type { Extract, ReaderContext, Source } from '../extract.ts';
import { openOfficePackage } from '../office/office-package.ts';
import { coreTitle } from '../office/relationships.ts';
import { readHtml } from './html.ts';

/** Word: through Mammoth to HTML, so that headings, lists and tables come out by their styles. */
export async function readDocx({ bytes }: Source, context: ReaderContext): Promise<Extract> {
  const parts = openOfficePackage(bytes, context.limits);
  const [{ default: mammoth }, { zipSync }] = await Promise.all([import('mammoth'), import('fflate')]);
  // Packed anew from the checked parts: Mammoth then never meets a picture, a macro or a size that lies.
  const checked = zipSync(Object.fromEntries(parts), { level: 0 });
  const { value } = await mammoth.convertToHtml(
    { buffer: Buffer.from(checked.buffer, checked.byteOffset, checked.length) },
    { convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: '' })), styleMap },
  );
  const { text, blocks, title } = await readHtml(value, context);
  return { text, blocks, title: coreTitle(parts) ?? title };
}

/** Beyond Mammoth's own: the title and subtitle of a document stand above its first heading. */
const styleMap = ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => h2:fresh"];
