import { describe, expect, it } from 'vitest';
import { cloudEvent, cloudEventBatch, isJsonType } from './cloud-events.ts';
import { documentCloudEvent } from './document-events.ts';

const event = { specversion: '1.0', id: '1', source: '/test', type: 'test' };
const takes = (more: object): boolean => cloudEvent.safeParse({ ...event, ...more }).success;

describe('a CloudEvent', () => {
  it('needs four attributes, and takes null for one that it may lack', () => {
    expect(takes({ subject: null, time: null, data: null, anything: null })).toBe(true);
    for (const name of Object.keys(event)) expect(takes({ [name]: null })).toBe(false);
    expect(cloudEvent.parse({ ...event, subject: null })).toEqual(event);
  });

  it.each([
    ['2018-04-05T17:31:00Z', true],
    ['2018-04-05t17:31:00.123456789z', true],
    ['2016-12-31T23:59:60+00:00', true],
    ['2024-02-29T00:00:00-23:59', true],
    ['2023-02-29T00:00:00Z', false],
    ['2018-04-05 17:31:00Z', false],
    ['2018-04-05T24:00:00Z', false],
    ['2018-04-05T17:31:00', false],
  ])('has the time %s: %s', (time, fits) => expect(takes({ time })).toBe(fits));

  it.each([
    ['application/json', true],
    ['application/json; charset="utf-8"', true],
    ['text/plain;a=b; c=d', true],
    ['application', false],
    ['application/', false],
    ['a b/c', false],
  ])('has the content type %s: %s', (datacontenttype, fits) => expect(takes({ datacontenttype })).toBe(fits));

  it('has plain extensions', () => {
    expect(takes({ traceparent: '00-0af7-b7ad-01', count: 2_147_483_647, flag: false })).toBe(true);
    for (const strange of [
      { count: 2_147_483_648 },
      { ratio: 0.5 },
      { list: [] },
      { 'my-ext': 'x' },
      { ext: {} },
    ])
      expect(takes(strange)).toBe(false);
  });

  it('has clean attributes', () => {
    expect(takes({ subject: 'käse/🧀' })).toBe(true);
    for (const subject of ['a\u0000', 'a\nb', '\ud800', '\uffff']) expect(takes({ subject })).toBe(false);
    expect(takes({ source: 'not a reference' })).toBe(false);
    expect(takes({ dataschema: 'relative' })).toBe(false);
  });

  it('comes alone or in batches', () => {
    expect(cloudEventBatch.safeParse([event, event]).success).toBe(true);
    expect(cloudEventBatch.safeParse(event).success).toBe(false);
    expect(cloudEvent.safeParse([event]).success).toBe(false);
  });
});

it.each([
  [undefined, true],
  ['application/json', true],
  ['Application/JSON; charset=utf-8', true],
  ['application/ld+json', true],
  ['text/plain', false],
  ['application/jsonlines', false],
])('data of the type %s is JSON: %s', (type, is) => expect(isJsonType(type)).toBe(is));

describe('an event about a document', () => {
  const upsert = { ...event, type: 'millrace.document.upsert.v1' };
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const complaints = (more: object): string[] => {
    const { error } = documentCloudEvent.safeParse({ ...upsert, ...more });
    return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
  };

  it('brings a text or a reference, written out or in Base64', () => {
    expect(complaints({ data: { text: 'a' } })).toEqual([]);
    expect(complaints({ data: { blob: 'inbox/acme/a/b.pdf', media_type: 'application/pdf' } })).toEqual([]);
    const parsed = documentCloudEvent.parse({ ...upsert, data_base64: base64('{"text":"ä"}') });
    expect(parsed.data).toEqual({ text: 'ä' });
  });

  it.each([
    [{}, /^data: /],
    [{ data: { text: 'a', blob: 'inbox/acme/a' } }, /^data: text and blob exclude each other/],
    [{ data: {} }, /^data: needs text or blob/],
    [{ data: { text: 'a' }, type: 'else' }, /^type: must be millrace\.document\.upsert\.v1 or /],
    [{ data: '{"text":"a"}' }, /^data: /],
    [{ data: { text: 'a' }, datacontenttype: 'text/plain' }, /^datacontenttype: must be application\/json/],
    [{ data_base64: base64('not json') }, /^data_base64: must be Base64 of JSON/],
    [{ data_base64: '%' }, /^data_base64: must be Base64 of JSON/],
    [{ data: { text: 'a' }, data_base64: base64('{}') }, /^data_base64: excludes data/],
  ])('is refused with a reason: %o', (more, reason) => expect(complaints(more)[0]).toMatch(reason));

  it.each([
    'acme/a',
    'inbox/acme',
    'inbox/acme/',
    'inbox/acme/../other/a',
    'inbox//a',
    '/inbox/acme/a',
    'inbox/acme/a b',
  ])('does not point to %s', (blob) => expect(complaints({ data: { blob } })).not.toEqual([]));

  it('deletes without data', () => {
    const type = 'millrace.document.delete.v1';
    expect(complaints({ type, data: undefined })).toEqual([]);
    expect(complaints({ type, data: { id: 'a' } })).toEqual([]);
    expect(complaints({ type, data: 'a' })).not.toEqual([]);
  });
});
