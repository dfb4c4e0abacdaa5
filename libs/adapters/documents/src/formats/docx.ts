import type { Extract, ReaderContext, Source } from '../extract.ts';
import { drawnLines } from '../office/drawn-lines.ts';
import { loadNumberFormats, type NumberFormats } from '../office/number-format.ts';
import { openOfficePackage, type OfficeParts } from '../office/office-package.ts';
import { coreTitle, relationshipsOf } from '../office/relationships.ts';
import { TextBuilder } from '../text-builder.ts';
import { hiddenStyles, scriptStyles } from '../word/character-styles.ts';
import { commentLines } from '../word/comments.ts';
import { notesOf } from '../word/notes.ts';
import { listsOf } from '../word/lists.ts';
import { mammothNumbering, mammothStyles, withMarks } from '../word/mammoth-lists.ts';
import { pageFurniture } from '../word/page-furniture.ts';
import { ParagraphStyles } from '../word/paragraph-styles.ts';
import { rewrittenPart } from '../word/rewrite.ts';
import { readHtml } from './html.ts';

/** Parts that Mammoth reads text from; the first is the document itself. */
const textParts = /^word\/(?:document\d*|footnotes\d*|endnotes\d*)\.xml$/;
const numberingPart = /^word\/numbering\d*\.xml$/;
const isDocument = (name: string): boolean => name.startsWith('word/document') && textParts.test(name);

/**
 * Word: through Mammoth to HTML, so that headings, lists and tables come out by their styles. Headers stand before the
 * text and footers after it, each once, and comments at the end.
 */
export async function readDocx({ bytes }: Source, context: ReaderContext): Promise<Extract> {
  const parts = openOfficePackage(bytes, context.limits);
  const document = [...parts.keys()].find(isDocument) ?? '';
  const { headers, footers } = pageFurniture(parts, document);
  const body = await readHtml(await htmlOf(parts), context);
  const builder = new TextBuilder(context.limits.maxTextChars);
  builder.add('paragraph', headers);
  if (body.blocks.length > 0) builder.append(body, 0);
  builder.add('list', commentLines(parts, document).join('\n'));
  builder.add('paragraph', footers);
  return builder.build(coreTitle(parts) ?? body.title);
}

/** Packed anew from the checked parts: Mammoth then never meets a picture, a macro or a size that lies. */
async function htmlOf(parts: OfficeParts): Promise<string> {
  const [{ default: mammoth }, { zipSync }] = await Promise.all([import('mammoth'), import('fflate')]);
  const checked = zipSync(Object.fromEntries(rewrittenParts(parts, await loadNumberFormats())), { level: 0 });
  const { value } = await mammoth.convertToHtml(
    { buffer: Buffer.from(checked.buffer, checked.byteOffset, checked.length) },
    { convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: '' })), styleMap },
  );
  return withMarks(value.replaceAll(backLink, '').replaceAll(formBox, ''));
}

function rewrittenParts(parts: OfficeParts, formats: NumberFormats): [string, Uint8Array][] {
  const styles = parts.get('word/styles.xml');
  const [hidden, scripts] = [hiddenStyles(styles), scriptStyles(styles)];
  const notes = notesOf(parts);
  const numbering = [...parts].find(([name]) => numberingPart.test(name))?.[1];
  const [lists, paragraphStyles] = [listsOf(numbering, styles), new ParagraphStyles(styles)];
  return [...parts].map(([name, part]) => {
    if (numberingPart.test(name)) return [name, mammothNumbering()];
    if (!textParts.test(name)) return [name, part];
    const related = relationshipsOf(parts, name);
    return [
      name,
      rewrittenPart(part, {
        hiddenStyles: hidden,
        scriptStyles: scripts,
        drawnLines: (id) => drawnLines(parts, related.get(id), formats),
        leads: (id) => related.has(id),
        notes,
        lists,
        paragraphStyles,
      }),
    ];
  });
}

/** From a note back to its place in the text. */
const backLink = /<a href="#(?:foot|end)note-ref-[^"]*">↑<\/a>/g;

/** The box of a form field: its mark stands in the text already. */
const formBox = /<input type="checkbox"[^>]*>/g;

/** Beyond Mammoth's own: the title and subtitle of a document stand above its first heading. */
const styleMap = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='Subtitle'] => h2:fresh",
  ...mammothStyles,
];
