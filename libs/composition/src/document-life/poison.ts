import { gzipSync } from 'node:zlib';
import type { ErrorCode } from '@millrace/contracts';
import type { NewRecord } from '@millrace/ports';
import { anEvent, binary, structured, structuredType, utf8 } from './cloud-event-records.ts';

/** A record that can never be handled, with the reason it has to end with. */
export interface Poison {
  readonly kind: string;
  readonly record: NewRecord;
  readonly code: ErrorCode;
  /** What the reason says beside its code. */
  readonly says: RegExp;
}

const upsert = (more: object = {}) => anEvent('upsert', { data: { text: 'A text.' }, ...more });
const withData = (data: unknown) => anEvent('upsert', { data });
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

/** Value and headers of a binary event; attributes that are undefined are left out. */
function asBinary(more: object): Change {
  const event = Object.entries(upsert(more)).filter(([, value]) => value !== undefined);
  const { value, headers } = binary('-', Object.fromEntries(event));
  return { value, ...(headers && { headers }) };
}

type Change = Partial<Pick<NewRecord, 'key' | 'value' | 'headers'>>;
const kinds: Record<string, [ErrorCode, RegExp, Record<string, unknown>, Change?]> = {
  'not JSON': ['invalid_event', /not JSON in UTF-8/, {}, { value: utf8('{"specversion": ') }],
  'not UTF-8': ['invalid_event', /not JSON in UTF-8/, {}, { value: Uint8Array.of(0xff, 0xfe, 0x22) }],
  'compressed bytes': [
    'invalid_event',
    /not JSON in UTF-8/,
    {},
    { value: gzipSync(JSON.stringify(upsert())) },
  ],
  'an empty value': ['invalid_event', /the value is empty/, {}, { value: utf8('') }],
  'a JSON number': ['invalid_event', /no JSON object/, {}, { value: utf8('5') }],
  'an array of events': ['invalid_event', /one event/, {}, { value: utf8(JSON.stringify([upsert()])) }],
  'a batch': [
    'invalid_event',
    /one event/,
    {},
    { headers: { 'content-type': 'application/cloudevents-batch+json' } },
  ],
  'another event format': [
    'invalid_event',
    /only JSON/,
    {},
    { headers: { 'content-type': 'application/cloudevents+avro' } },
  ],
  'no key': ['invalid_key', /there is none/, upsert(), { key: '' }],
  'a key without a document': ['invalid_key', /tenant\/document/, upsert(), { key: 'default' }],
  'a key that is no tenant’s': ['invalid_key', /tenant\/document/, upsert(), { key: 'De fault/a' }],
  'a path trick in the key': ['invalid_key', /tenant\/document/, upsert(), { key: 'default/../a' }],
  'a key of another document': ['invalid_key', /names another document/, upsert({ subject: 'another' })],
  'data of another document': [
    'invalid_key',
    /names another document/,
    withData({ id: 'another', text: 'A text.' }),
  ],
  'an unknown tenant': ['tenant_not_found', /nobody/, upsert(), { key: 'nobody/a' }],
  'an unknown type': [
    'invalid_event',
    /type: must be millrace\.document\.upsert\.v1 or/,
    upsert({ type: 'else' }),
  ],
  'an old specversion': ['invalid_event', /specversion: must be "1\.0"/, upsert({ specversion: '0.3' })],
  'no id': ['invalid_event', /id: .*expected string/, upsert({ id: undefined })],
  'a number as id': ['invalid_event', /id: .*received number/, upsert({ id: 5 })],
  'a time to the minute': [
    'invalid_event',
    /time: must be an RFC 3339/,
    upsert({ time: '2026-01-01T10:00Z' }),
  ],
  'a strange extension': ['invalid_event', /My-Ext: names of attributes/, upsert({ 'My-Ext': 'x' })],
  'a control character': ['invalid_event', /subject: must not contain/, upsert({ subject: 'a\u0000' })],
  'no data': ['invalid_event', /data/, anEvent('upsert')],
  'data twice': ['invalid_event', /excludes data/, upsert({ data_base64: 'e30=' })],
  'data that is not JSON': [
    'invalid_event',
    /datacontenttype: must be/,
    upsert({ datacontenttype: 'text/plain' }),
  ],
  'data of another kind': ['invalid_event', /data.*expected object/, withData('A text.')],
  'a number as text': ['invalid_event', /data\.text: .*received number/, withData({ text: 5 })],
  'NUL in the text': ['invalid_event', /data\.text: has NUL characters/, withData({ text: 'a\0b' })],
  'an empty text': ['empty_document', /Send text/, withData({ text: ' \n' })],
  'an unknown field': ['invalid_event', /data: .*"colour"/, withData({ text: 'A text.', colour: 'red' })],
  'an unspeakable field': ['invalid_event', /data: .*"k\ufffd"/, withData({ text: 'A text.', 'k\0': 1 })],
  'a path trick in the id': [
    'invalid_event',
    /data\.id/,
    withData({ id: '../../etc/passwd', text: 'A text.' }),
  ],
  'text and blob': [
    'invalid_event',
    /exclude each other/,
    withData({ text: 'A text.', blob: 'inbox/default/a' }),
  ],
  'neither text nor blob': ['invalid_event', /needs text or blob/, withData({ title: 'A title' })],
  'a blob outside the inbox': [
    'invalid_event',
    /data\.blob: must be inbox/,
    withData({ blob: 'default/x/source.json' }),
  ],
  'a blob above the inbox': [
    'invalid_event',
    /data\.blob: must be/,
    withData({ blob: 'inbox/default/../other/a' }),
  ],
  'a blob of another tenant': [
    'invalid_event',
    /must begin with inbox\/default\//,
    withData({ blob: 'inbox/other/a' }),
  ],
  'a blob that is not there': [
    'blob_not_found',
    /inbox\/default\/nothing/,
    withData({ blob: 'inbox/default/nothing' }),
  ],
  'deep nesting': [
    'invalid_event',
    /nested deeper than 64/,
    {},
    { value: utf8(`{"specversion":"1.0","data":${nested(100)}}`) },
  ],
  'nesting without end': ['invalid_event', /nested deeper than 64/, {}, { value: utf8(nested(200_000)) }],
  'too much metadata': [
    'invalid_event',
    /at most 64 keys/,
    withData({
      text: 'A text.',
      metadata: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`key-${n}`, n])),
    }),
  ],
  'a long value of metadata': [
    'invalid_event',
    /data\.metadata\.long/,
    withData({ text: 'A text.', metadata: { long: 'x'.repeat(100_000) } }),
  ],
  'a bad access list': ['invalid_event', /data\.acl\.0/, withData({ text: 'A text.', acl: ['everyone'] })],
  'binary without a type': ['invalid_event', /type: must be/, {}, asBinary({ type: undefined })],
  'binary with other data': [
    'invalid_event',
    /datacontenttype/,
    {},
    { ...asBinary({}), headers: { ...asBinary({}).headers, 'content-type': 'text/plain' } },
  ],
  'a message of a stage': [
    'invalid_event',
    /type: must be/,
    { tenant: 'default', document: 'victim', version: 1 },
  ],
};

/** One of each kind, each about a document of its own and marked by the header `kind`. */
export const poison: readonly Poison[] = Object.entries(kinds).map(
  ([kind, [code, says, event, change = {}]], index) => {
    const whole = structured(`poison-${index}`, event);
    const { key = whole.key, value = whole.value, headers = { 'content-type': structuredType } } = change;
    return { kind, code, says, record: { ...whole, key, value, headers: { ...headers, kind } } };
  },
);
