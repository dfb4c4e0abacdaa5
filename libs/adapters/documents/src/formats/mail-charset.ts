import { guessNarrow, guessWide } from '../sniffing/guess-charset.ts';

/**
 * A mail that names the charset where its texts do not: programs of old sent what they had, which is no UTF-8. What its
 * headers have beyond ASCII becomes UTF-8.
 */
export function withCharset(bytes: Uint8Array): Uint8Array {
  const mail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const raw = Buffer.from(unescaped(mail), 'latin1');
  if (isUtf8(raw)) return bytes;
  const charset = guessWide(raw) ?? guessNarrow(raw);
  return charset === undefined ? bytes : Buffer.from(named(mail, charset), 'latin1');
}

/** As quoted-printable has it. */
const unescaped = (mail: string): string =>
  mail.replace(/=([89A-F][0-9A-F])/g, (_, byte: string) => String.fromCharCode(parseInt(byte, 16)));

function isUtf8(bytes: Uint8Array): boolean {
  try {
    return !!new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return false;
  }
}

function named(mail: string, charset: string): string {
  const out: string[] = [];
  let header: string[] | undefined = [];
  for (const line of mail.split(/(?<=\n)/)) {
    const isEnd: boolean = header !== undefined && line.trim() === '';
    if (header && !isEnd) header.push(line);
    if (header && isEnd) {
      out.push(...headerNamed(header, charset, out.length === 0), line);
      header = undefined;
    } else if (!header) {
      out.push(line);
      if (line.startsWith('--')) header = [];
    }
  }
  return [...out, ...(header ?? [])].join('');
}

/** The lines of a header, those that go on in one; the mail's own says what it is even where it does not. */
function headerNamed(lines: readonly string[], charset: string, isFirst: boolean): string[] {
  const fields = lines.join('').split(/(?<=\n)(?![ \t])/);
  const type = fields.findIndex((field) => /^content-type:/i.test(field));
  const said = fields.map((field, at) => (at === type ? typeNamed(field, charset) : inUtf8(field, charset)));
  return isFirst && type < 0 ? [...said, `Content-Type: text/plain; charset=${charset}\r\n`] : said;
}

const typeNamed = (field: string, charset: string): string =>
  /^content-type:\s*text\//i.test(field) && !/charset\s*=/i.test(field)
    ? `${field.trimEnd().replace(/;$/, '')}; charset=${charset}\r\n`
    : field;

function inUtf8(field: string, charset: string): string {
  if (!/[\u0080-\u00ff]/.test(field)) return field;
  const bytes = Buffer.from(field, 'latin1');
  return isUtf8(bytes) ? field : Buffer.from(new TextDecoder(charset).decode(bytes)).toString('latin1');
}
