import { gzipSync } from 'node:zlib';
import type { ErrorCode } from '@millrace/contracts';
import { strToU8, zipSync } from 'fflate';
import { badDocuments } from '../bad-documents.ts';
import { structured, type Message } from '../outside/topic-producer.ts';

/** A message that cannot be handled as things are. */
export interface Poison {
  readonly kind: string;
  /** What mends it: the event as it should have been, a file that can be read, or what was missing around it. */
  readonly mendedBy: 'event' | 'file' | 'surroundings';
  /** Codes that its dead letter may have, and what the reason says beside them. */
  readonly codes: readonly string[];
  readonly says: RegExp;
  /** Under its key, which names the dead letter. */
  readonly message: Message & { readonly key: string };
  /** What lies at its claim check from the start; `later`: what is put there to mend it. */
  readonly file?: Uint8Array | undefined;
  readonly later?: Uint8Array | undefined;
}

/** The tenant that is made only when its documents have come. */
export const lateTenant = 'latecomer';

/** What compressed files may unpack to at first, and once it was raised, MB. */
export const expandedMb = { first: 1, raised: 64 } as const;

const claimOf = (key: string, name: string): string => {
  const [tenant, document] = key.split('/');
  return `inbox/${tenant}/${document}/${name}`;
};

const upsert = (key: string, more: object = {}) => ({
  ...{ specversion: '1.0', id: `poison ${key}`, source: '/poison', type: 'millrace.document.upsert.v1' },
  data: { text: `The text of ${key}.` },
  ...more,
});

/** What an operator replays instead of it, and the file that this points to; undefined where it only lacked something around it. */
export function correctionOf({ mendedBy, message: { key } }: Poison) {
  if (mendedBy === 'surroundings') return undefined;
  if (mendedBy === 'event') return { event: upsert(key) };
  const blob = claimOf(key, 'right.txt');
  return { event: upsert(key, { data: { blob } }), blob, file: strToU8(`The text of ${key}.`) };
}

type Make = (key: string) => Omit<Poison, 'kind' | 'message'> & { readonly message: Message };

const wrongEvent = (code: ErrorCode, says: RegExp, more: object): Make =>
  wrongMessage(code, says, (key) => structured(key, upsert(key, more)));

const wrongMessage =
  (code: ErrorCode, says: RegExp, message: (key: string) => Message): Make =>
  (key) => ({ mendedBy: 'event', codes: [code], says, message: message(key) });

const claim = (key: string, name: string): Message =>
  structured(key, upsert(key, { data: { blob: claimOf(key, name), filename: name } }));

const wrongFile = (what: string): Make => {
  const [, name, file, codes] = badDocuments().find(([known]) => known === what)!;
  return (key) => ({ mendedBy: 'file', codes, says: /\. [A-Z]/, message: claim(key, name), file });
};

const tooLarge =
  (name: string, file: () => Uint8Array): Make =>
  (key) => ({
    ...{
      mendedBy: 'surroundings',
      codes: ['document_expands_too_far'],
      says: /MILLRACE_PARSER_MAX_EXPANDED_MB/,
    },
    ...{ message: claim(key, name), file: file() },
  });

const kinds: Readonly<Record<string, Make>> = {
  'not JSON': wrongMessage('invalid_event', /not JSON/, (key) => ({
    ...structured(key, {}),
    value: '{"specversion": ',
  })),
  'compressed bytes': wrongMessage('invalid_event', /not JSON/, (key) => ({
    ...structured(key, {}),
    value: gzipSync(JSON.stringify(upsert(key))),
  })),
  'an array of events': wrongMessage('invalid_event', /one event/, (key) => structured(key, [upsert(key)])),
  'an unknown type': wrongEvent('invalid_event', /type: must be/, { type: 'else' }),
  'an old specversion': wrongEvent('invalid_event', /specversion: must be "1\.0"/, { specversion: '0.3' }),
  'no id': wrongEvent('invalid_event', /id: .*expected string/, { id: undefined }),
  'a key of another document': wrongEvent('invalid_key', /names another document/, { subject: 'another' }),
  'a number as text': wrongEvent('invalid_event', /data\.text: .*received number/, { data: { text: 5 } }),
  'an unknown field': wrongEvent('invalid_event', /"colour"/, { data: { text: 'A.', colour: 'red' } }),
  'a bad access list': wrongEvent('invalid_event', /data\.acl\.0/, { data: { text: 'A.', acl: ['all'] } }),
  'a file behind a password': wrongFile('a PDF behind a password'),
  'a file that is cut off': wrongFile('a PDF that is only its first line'),
  'a damaged file': wrongFile('a DOCX that is a broken zip'),
  'a file of another kind': wrongFile('an image'),
  'a file of noise': wrongFile('a binary file named .txt'),
  'a file without a word': wrongFile('HTML without a word'),
  'a file that is not there': (key) => ({
    ...{ mendedBy: 'surroundings', codes: ['blob_not_found'], says: /inbox\/default\// },
    ...{ message: claim(key, 'late.txt'), later: strToU8(`The late text of ${key}.`) },
  }),
  'a tenant that is not there': (key) => ({
    ...{ mendedBy: 'surroundings', codes: ['tenant_not_found'], says: /latecomer/ },
    message: structured(key, upsert(key)),
  }),
  'a letter over the limit': tooLarge('long.docx', longDocx),
  'a sheet over the limit': tooLarge('long.xlsx', longXlsx),
};

export const kindsOfPoison = Object.keys(kinds).length;

/** As many of each kind, each about a document of its own. */
export function poisons(ofEachKind: number): Poison[] {
  return Object.entries(kinds).flatMap(([kind, make], index) =>
    Array.from({ length: ofEachKind }, (_, n): Poison => {
      const tenant = kind === 'a tenant that is not there' ? lateTenant : 'default';
      const key = `${tenant}/poison-${index}-${n}`;
      const { message, ...rest } = make(key);
      return { kind, ...rest, message: { ...message, key } };
    }),
  );
}

const types = (part: string, type: string): string =>
  `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/${part}" ContentType="application/vnd.openxmlformats-officedocument.${type}.main+xml"/></Types>`;

const relation = (target: string, type: string): string =>
  `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/></Relationships>`;

/** Over the first limit, and as good as nothing when compressed. */
const padding = `<!--${' '.repeat((expandedMb.first + 1) * 1024 * 1024)}-->`;

function zipped(parts: Readonly<Record<string, string>>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])));
}

function longDocx(): Uint8Array {
  return zipped({
    '[Content_Types].xml': types('word/document.xml', 'wordprocessingml.document'),
    '_rels/.rels': relation('word/document.xml', 'officeDocument'),
    'word/document.xml': `<?xml version="1.0"?>${padding}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>A long letter.</w:t></w:r></w:p></w:body></w:document>`,
  });
}

function longXlsx(): Uint8Array {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  return zipped({
    '[Content_Types].xml': types('xl/workbook.xml', 'spreadsheetml.sheet'),
    '_rels/.rels': relation('xl/workbook.xml', 'officeDocument'),
    'xl/workbook.xml': `<?xml version="1.0"?><workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relation('worksheets/sheet1.xml', 'worksheet'),
    'xl/worksheets/sheet1.xml': `<?xml version="1.0"?>${padding}<worksheet xmlns="${main}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>A long sheet.</t></is></c></row></sheetData></worksheet>`,
  });
}
