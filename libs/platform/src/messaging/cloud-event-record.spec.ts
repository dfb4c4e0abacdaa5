import { events } from '@millrace/contracts';
import type { LogRecord } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { cloudEventIn } from './cloud-event-record.ts';
import { decodeEvent } from './event-codec.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const attributes = { specversion: '1.0', id: '1', source: '/test', type: 'millrace.document.upsert.v1' };
const headersOf = (more: object = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...attributes, ...more }).map(([name, value]) => [`ce_${name}`, value]),
  );
const read = (headers: Record<string, string>, value = '') => cloudEventIn({ headers, value: utf8(value) });
const refusalOf = (headers: Record<string, string>, value = ''): string => {
  try {
    read(headers, value);
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
};

describe('a CloudEvent in a record', () => {
  const event = { ...attributes, data: { text: 'a' } };

  it.each([
    { 'content-type': 'application/cloudevents+json' },
    { 'Content-Type': 'application/cloudevents+json; charset=UTF-8' },
    {},
    { traceparent: '00-aa-bb-01' },
  ])('is the value, with the headers %o', (headers: Record<string, string>) => {
    expect(read(headers, JSON.stringify(event))).toEqual(event);
  });

  it('is in the headers and the value, in binary mode', () => {
    const headers = {
      ...headersOf({ subject: 'ä', myext: 'x' }),
      'content-type': 'application/json',
      other: 'y',
    };
    expect(read(headers, '{"text":"a"}')).toEqual({
      ...{ ...event, subject: 'ä', myext: 'x', datacontenttype: 'application/json' },
    });
    expect(read(headersOf())).toEqual(attributes);
    expect(read({ CE_ID: '1' })).toEqual({ id: '1' });
  });

  it('has bytes for data that is not JSON', () => {
    const headers = { ...headersOf(), 'content-type': 'text/plain' };
    expect(read(headers, 'abc')).toEqual({
      ...attributes,
      datacontenttype: 'text/plain',
      data_base64: 'YWJj',
    });
  });

  it('is one event in JSON, or is refused', () => {
    expect(refusalOf({ 'content-type': 'application/cloudevents-batch+json' }, '[]')).toMatch(/one event/);
    expect(refusalOf({ 'content-type': 'application/cloudevents+json' }, '[{}]')).toMatch(/one event/);
    expect(refusalOf({ 'content-type': 'application/cloudevents+protobuf' }, 'x')).toMatch(/only JSON/);
    expect(refusalOf({}, '')).toMatch(/empty/);
    expect(refusalOf({}, '"a"')).toMatch(/no JSON object/);
    expect(refusalOf(headersOf(), '{"text":')).toMatch(/not JSON/);
  });
});

it('a decoded record names the field at fault, and nothing of its content', () => {
  const decode = (data: unknown) => {
    const record = { headers: {}, value: utf8(JSON.stringify({ ...attributes, data })) } as LogRecord;
    return () => decodeEvent(events.documents, record);
  };
  expect(decode({ text: 'a', title: 5 })).toThrow(/data\.title: .*expected string, received number/);
  expect(decode({ blob: 5 })).toThrow(/data\.blob: .*expected string, received number/);
  expect(decode({ text: 'a', ['k'.repeat(5000)]: 1 })).toThrow(/^.{1,700}$/);
  expect(decode({ text: 'a', 'k\0\0': 1 })).toThrow(/"k\ufffd\ufffd"/);
  expect(decode({ text: 'a', acl: ['secret'] })).not.toThrow(/secret/);
});
