import { MillraceError } from '@millrace/contracts';
import type { Source } from '../extract.ts';
import { declaredFormat, isBinary, type FormatName } from '../formats/names.ts';
import { officeFormat } from '../office/office-package.ts';
import { decodeText, latinText, whyNoText } from './decode-text.ts';
import { hasPdfHeader, magicOf } from './magic.ts';

export interface Detected {
  readonly format: FormatName;
  /** The decoded bytes, when the format is a textual one. */
  readonly text: string;
}

/**
 * The format of a file: by its first bytes where they are telling, else by what the sender calls it, else by how
 * the text begins.
 */
export function detect({ bytes, mediaType, filename }: Source): Detected {
  if (bytes.length === 0) throw new MillraceError('empty_document');
  const declared = declaredFormat(mediaType, filename);
  const magic = magicOf(bytes);
  if (magic?.is === 'pdf' || (declared === 'pdf' && !magic && hasPdfHeader(bytes)))
    return { format: 'pdf', text: '' };
  if (magic?.is === 'zip') return { format: officeFormat(bytes), text: '' };
  if (magic?.is === 'ole') throw oleError(bytes);
  if (magic?.is === 'foreign')
    throw new MillraceError('unsupported_format', { detail: `it is ${magic.what}` });
  const text = decodeText(bytes, charsetOf(bytes, mediaType));
  if (declared && isBinary(declared)) throw notWhatItsNameSays(declared);
  if (text === undefined && isMail(bytes, declared)) return { format: 'eml', text: '' };
  if (text === undefined) throw new MillraceError('unsupported_format', { detail: whyNoText(bytes) });
  const isCalledText = declared === 'text' && declaredFormat(undefined, filename) === 'text';
  return { format: (isCalledText && otherThanText(text)) || (declared ?? formatOfText(text)), text };
}

/** Parts of a mail name their own charsets, so that the whole may be in none. */
function isMail(bytes: Uint8Array, declared: FormatName | undefined): boolean {
  const text = latinText(bytes);
  if (text === undefined) return false;
  return declared === 'eml' || ((declared ?? 'text') === 'text' && formatOfText(text) === 'eml');
}

/** Web pages and mails are often kept under names that end in `.txt`. Without a name the sender's word counts. */
function otherThanText(text: string): FormatName | undefined {
  const head = text.slice(0, headBytes);
  const format = formatOfText(head);
  return unmistakable[format]?.test(head) ? format : undefined;
}

/** What programs write into such files, and people do not who quote from one. */
const unmistakable: Partial<Record<FormatName, RegExp>> = {
  html: /<(?:!doctype\s+)?html[\s>]/i,
  eml: /^(?:received|message-id|mime-version|content-type|content-transfer-encoding):\s/im,
};

const notWhatItsNameSays = (declared: FormatName): MillraceError =>
  new MillraceError('unreadable_document', {
    detail: `it is called ${declared.toUpperCase()} but is not one`,
  });

/** Old Office files, and new ones behind a password, which are packed into the old container. */
function oleError(bytes: Uint8Array): MillraceError {
  const names = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (names.includes(Buffer.from('EncryptedPackage', 'utf16le')))
    return new MillraceError('encrypted_document');
  return new MillraceError('unsupported_format', {
    detail: 'it is a DOC, XLS, PPT or MSG file of before 2007; save it in the newer format',
  });
}

const headBytes = 1024;

/** The charset that the sender, the HTML head or the XML declaration names. */
function charsetOf(bytes: Uint8Array, mediaType = ''): string | undefined {
  const said = /charset="?([\w-]+)/i.exec(mediaType)?.[1];
  if (said) return said;
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, headBytes)).toString(
    'latin1',
  );
  return (/<meta[^>]+charset=["']?([\w-]+)/i.exec(head) ??
    /^<\?xml[^>]+encoding=["']([\w-]+)/.exec(head))?.[1];
}

const mailHeader =
  /^(?:from|to|subject|date|received|return-path|message-id|mime-version|delivered-to):\s/gim;

function formatOfText(text: string): FormatName {
  const head = text.slice(0, headBytes).trimStart();
  if (/^(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)*<(?:!doctype html|html|head|body)[\s>]/i.test(head))
    return 'html';
  if (/^<svg[\s>]/.test(head)) return 'svg';
  if (head.startsWith('<?xml')) return /<svg[\s>]/.test(head) ? 'svg' : 'code';
  const headers = head.split(/\r?\n\r?\n/)[0] ?? '';
  if (/^[\w-]+:\s/.test(headers) && (headers.match(mailHeader)?.length ?? 0) >= 3) return 'eml';
  return /^[[{]/.test(head) && isJson(text) ? 'json' : 'text';
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
