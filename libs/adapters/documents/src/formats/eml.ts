import { isErrorCode, MillraceError } from '@millrace/contracts';
import type { Address, Attachment, Email } from 'postal-mime';
import type { Extract, ReaderContext, Source } from '../extract.ts';
import { TextBuilder } from '../text-builder.ts';
import { readHtml } from './html.ts';
import { withCharset } from './mail-charset.ts';
import { readText } from './text.ts';

/** More attachments than this are named, not read. */
const maxAttachments = 50;

/** E-mail: who, when and what about, the body, then every attachment that can be read, one level deep. */
export async function readEml({ bytes }: Source, context: ReaderContext): Promise<Extract> {
  const { default: PostalMime } = await import('postal-mime');
  const mail = await PostalMime.parse(withCharset(bytes));
  const builder = new TextBuilder(context.limits.maxTextChars);
  const body = await bodyOf(mail, context);
  if (body.text.trim() === '' && !mail.subject && mail.attachments.length === 0) return builder.build();
  if (mail.subject) builder.heading(1, mail.subject);
  builder.add('paragraph', headerLines(mail));
  builder.append(body, 1);
  for (const [index, attachment] of mail.attachments.entries())
    await addAttachment(builder, attachment, index < maxAttachments ? context : { limits: context.limits });
  return builder.build(mail.subject);
}

/**
 * Of a text and a page that say the same, the page: that of all that programs can show which comes last (RFC 2046,
 * 5.1.4), and it alone has tables. It has the parts that come without an alternative as well. A page that says far less
 * than the text stands in for it, as one that is empty, and the text is read.
 */
async function bodyOf({ text = '', html }: Email, context: ReaderContext): Promise<Extract> {
  const plain = readText(text.replace(/\r\n?/g, '\n'));
  if (!html) return plain;
  if (text.trim() === '') return readHtml(html, context);
  const shown = await readHtml(html, context).catch(() => plain);
  const isStub = shown.text === '' || wordsOf(shown.text).size < wordsOf(plain.text).size * leastShare;
  return isStub ? plain : shown;
}

const leastShare = 0.5;

const word = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]|[\p{L}\p{M}\p{N}]+/gu;

/** Words outside of addresses of pages; where words are not set apart, characters. */
function wordsOf(text: string): Set<string> {
  const words = new Set<string>();
  const prose = text.replace(/\bhttps?:\/\/\S+/gi, '').toLowerCase();
  for (const [found] of prose.matchAll(word)) words.add(found);
  return words;
}

function headerLines({ from, to = [], cc = [], date }: Email): string {
  const lines = [
    ['From', from ? people([from]) : ''],
    ['To', people(to)],
    ['Cc', people(cc)],
    ['Date', date ?? ''],
  ];
  return lines.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : [])).join('\n');
}

const people = (addresses: readonly Address[]): string =>
  addresses
    .flatMap((each) => each.group ?? [each])
    .map(({ name, address }) => (name && address ? `${name} <${address}>` : name || address))
    .join(', ');

async function addAttachment(
  builder: TextBuilder,
  attachment: Attachment,
  { readNested }: ReaderContext,
): Promise<void> {
  const name = attachment.filename ?? attachment.mimeType;
  const found = await readAttachment(attachment, readNested);
  if (typeof found === 'string') return builder.add('paragraph', `Attachment: ${name} (${found})`);
  builder.heading(2, `Attachment: ${name}`);
  builder.append(found, 2);
}

/** Why an attachment is not read is part of the text; it does not make the mail unreadable. */
async function readAttachment(
  { content, mimeType, filename, related }: Attachment,
  readNested: ReaderContext['readNested'],
): Promise<Extract | string> {
  if (!readNested || related) return 'not read';
  const bytes = typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content);
  try {
    return await readNested({ bytes, mediaType: mimeType, filename: filename ?? undefined });
  } catch (error) {
    return `not read: ${error instanceof MillraceError && isErrorCode(error.code) ? error.code : 'unreadable_document'}`;
  }
}
