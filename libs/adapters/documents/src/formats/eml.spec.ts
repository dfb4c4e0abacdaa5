import { describe, expect, it } from 'vitest';
import { docxOf, wordParagraph } from '../testing/made-files.ts';
import { encoded } from '../testing/encoded.ts';
import { codeOf, read } from '../testing/read.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const head =
  'From: =?utf-8?Q?Ann_M=C3=BCller?= <ann@example.org>\r\nTo: bob@example.org\r\nDate: Mon, 2 Mar 2026 10:00:00 +0100\r\n';

function multipart(...parts: readonly string[]): string {
  const body = parts.map((part) => `--b\r\n${part}\r\n`).join('');
  return `${head}Subject: The wheel\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${body}--b--\r\n`;
}
const attached = (name: string, type: string, bytes: Uint8Array): string =>
  `Content-Type: ${type}; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(bytes)}`;

describe('e-mail', () => {
  it('gives subject, people, date and body', async () => {
    const mail = `${head}Subject: =?utf-8?B?${Buffer.from('Das Mühlrad').toString('base64')}?=\r\n\r\nIt turns.\r\n\r\nAgain.\r\n`;
    const document = await read(mail);
    expect(document).toMatchObject({ title: 'Das Mühlrad', mediaType: 'message/rfc822', parser: 'eml@6' });
    expect(document.text).toBe(
      'Das Mühlrad\n\nFrom: Ann Müller <ann@example.org>\nTo: bob@example.org\nDate: 2026-03-02T09:00:00.000Z\n\nIt turns.\n\nAgain.\n',
    );
  });

  it('reads an HTML body as a reader sees it', async () => {
    const { text } = await read(multipart('Content-Type: text/html\r\n\r\n<p>shown<p hidden>secret'));
    expect(text).toMatch(/\n\nshown$/);
  });

  const alternatives = (plain: string, html: string): string =>
    multipart(
      `Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain\r\n\r\n${plain}\r\n` +
        `--a\r\nContent-Type: text/html\r\n\r\n${html}\r\n--a--`,
    );

  it.each([
    ['a stub', 'View this in a browser: https://example.org/a-b-c-d-e-f-g/h-i-j-k-l-m-n-o-p-q-r-s'],
    [
      'a stub as long as what it stands for',
      'View this e-mail, which is important to you, in a browser please.',
    ],
    ['its beginning', 'The new wheel is 500.'],
    ['blank', ' '],
  ])('reads the HTML part when the plain one is %s', async (_, plain) => {
    const html = '<h1>Offer</h1><p>The new wheel is 500 and ships on Monday, as do stones.</p>';
    const { text } = await read(alternatives(plain, html));
    expect(text).toMatch(/\n\nOffer\n\nThe new wheel is 500 and ships on Monday, as do stones\.$/);
  });

  it.each([
    ['says less', '<p>The wheel.'],
    ['says nothing', '<p><img src="cid:logo"><span hidden>The new wheel is 500.'],
    ['cannot be read', `${'<div>'.repeat(20_000)}${'deep '.repeat(100)}`],
  ])('reads the plain part when the HTML one %s', async (_, html) => {
    expect((await read(alternatives('The new wheel is 500.', html))).text).toMatch(
      /\n\nThe new wheel is 500\.\n?$/,
    );
  });

  it('reads the HTML part when a mail forwarded beside both makes them look alike', async () => {
    const inner =
      'Content-Type: message/rfc822\r\n\r\nFrom: z@z.z\r\nTo: q@q.q\r\nSubject: Inner\r\n\r\nGone by.';
    const both = alternatives('See browser.', '<p>The new wheel is 500').replace(
      /--b--\s*$/,
      `--b\r\n${inner}\r\n--b--`,
    );
    expect((await read(both)).text).toMatch(/The new wheel is 500[^]*Gone by/);
  });

  it.each([
    [
      'says the same',
      '<p>The new wheel <b>is 500</b>.<p hidden>hidden words to no end',
      'The new wheel is 500.',
    ],
    ['differs', '<p>The next stone costs 700.', 'The next stone costs 700.'],
    ['has a table', '<table><tr><td>new wheel<td>500<tr><td>stone<td>700', 'new wheel | 500\nstone | 700'],
  ])('reads the HTML part alone when it %s', async (_, html, shown) => {
    const { text } = await read(alternatives('The new wheel is 500.', html));
    expect(text.split('\n\n').slice(2).join('\n\n')).toBe(shown);
  });

  it('reads parts without an alternative beside those that have one', async () => {
    const both = alternatives('The wheel.', '<p>The wheel.').replace(
      /--b--\s*$/,
      '--b\r\nContent-Type: text/plain\r\n\r\nYou get this by the list.\r\n--b--',
    );
    expect((await read(both)).text).toMatch(/The wheel\.\s+You get this by the list\.$/);
  });

  const bytesOf = (mail: string): Uint8Array => Buffer.from(mail, 'latin1');
  const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
  const russian = 'Мельница стоит на берегу реки. Колесо вращается водой.';

  it.each([
    ['bytes', '', 'Caf\u00e9 \u0080 5', 'Café € 5'],
    ['bytes of a text', 'Content-Type: text/plain\r\n', 'Caf\u00e9 \u0080 5', 'Café € 5'],
    ['bytes of a page', 'Content-Type: text/html\r\n', '<p>Caf\u00e9 <b>5', 'Café 5'],
    [
      'escaped bytes',
      'Content-Type: text/plain;\r\n format=flowed\r\nContent-Transfer-Encoding: quoted-printable\r\n',
      'Caf=E9 =80 5',
      'Café € 5',
    ],
    ['Russian bytes', '', latin1(encoded(russian, 'koi8-r')), russian],
    [
      'Japanese bytes',
      'Content-Type: text/plain\r\n',
      latin1(encoded('水車は川のそばに建っています。', 'shift_jis')),
      '水車は川のそばに建っています。',
    ],
    ['a charset by name', 'Content-Type: text/plain; charset=iso-8859-2\r\n', '\u00bf\u00f3\u00b3w', 'żółw'],
    ['UTF-8', '', latin1(Buffer.from('Café\r\n--\r\nÀ bientôt')), 'Café\n--\nÀ bientôt'],
  ])('reads a body without a charset as any text: %s', async (_, type, body, shown) => {
    const { text } = await read(bytesOf(`${head}Subject: The wheel\r\n${type}\r\n${body}\r\n`));
    expect(text.split('\n\n').slice(2).join('\n\n').trim()).toBe(shown);
  });

  it('reads the parts that name their charset where the whole is in none that can be told', async () => {
    const thai = 'กังหันน้ำตั้งอยู่ริมแม่น้ำ';
    const part = `Content-Type: text/plain; charset=windows-874\r\n\r\n${latin1(encoded(thai, 'windows-874'))}`;
    for (const filename of ['mail.eml', undefined])
      expect((await read(bytesOf(multipart(part)), { filename })).text).toContain(thai);
  });

  it('reads parts and subjects without a charset beside those with one', async () => {
    const mail = multipart(
      'Content-Type: text/plain\r\n\r\nCaf\u00e9',
      'Content-Type: text/plain; charset=iso-8859-2\r\n\r\n\u00bf\u00f3\u00b3w',
      `Content-Type: text/plain; charset=utf-8\r\n\r\n${latin1(Buffer.from('Żółw'))}`,
    ).replace('The wheel', 'Caf\u00e9');
    const { text, title } = await read(bytesOf(mail));
    expect(title).toBe('Café');
    expect(text).toMatch(/Café\s+żółw\s+Żółw\s*$/);
  });

  it('reads attachments by their bytes, and names those it cannot read', async () => {
    const { text, chunks } = await read(
      multipart(
        'Content-Type: text/plain\r\n\r\nSee attached.',
        attached('report.docx', 'application/octet-stream', docxOf(wordParagraph('Inside Word'))),
        attached(
          'wheel.png',
          'image/png',
          Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]),
        ),
      ),
    );
    expect(text).toContain('Attachment: report.docx\n\nInside Word');
    expect(text).toContain('Attachment: wheel.png (not read: unsupported_format)');
    for (const chunk of chunks) expect(chunk.text).toBe(text.slice(chunk.start, chunk.end));
  });

  it('reads an attached mail, but not what is attached to that', async () => {
    const inner = multipart(
      'Content-Type: text/plain\r\n\r\nInner.',
      attached('deep.txt', 'text/plain', Buffer.from('too deep')),
    );
    const { text } = await read(
      multipart(
        'Content-Type: text/plain\r\n\r\nOuter.',
        attached('inner.eml', 'application/octet-stream', Buffer.from(inner)),
      ),
    );
    expect(text).toMatch(/Outer\.[^]*Inner\.[^]*deep\.txt \(not read\)/);
    expect(text).not.toContain('too deep');
  });

  it('has no text without subject, body and attachments', async () => {
    expect(await codeOf(read('From: a@b\r\nTo: c@d\r\n\r\n', { filename: 'mail.eml' }))).toBe('no_text');
  });

  it('says of parts nested without end that they are', async () => {
    const parts = Array.from(
      { length: 5_000 },
      (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`,
    );
    const mail = `From: a@b\r\n${parts.join('')}\r\nText.`;
    expect(await codeOf(read(mail, { filename: 'mail.eml' }))).toBe('nested_too_deeply');
  });
});
