import { expect, it } from 'vitest';
import { givenUpHeader, type DocumentCloudEvent } from '@millrace/contracts';
import type { DeadLetterRecord } from '@millrace/ports';
import { correctedMessage } from './corrected-message.ts';

const letter: DeadLetterRecord = {
  ...{
    id: 'letter',
    tenant: 'acme',
    origin: 'documents.v1',
    document: 'a',
    attempts: 1,
    at: 1_000,
    saidAt: 1_000,
  },
  reason: { code: 'invalid_event', message: '' },
  replay: { topic: 'documents.v1', key: 'acme/a', value: '{"data":5}', headers: {} },
};

const event: DocumentCloudEvent = {
  ...{ specversion: '1.0', id: 'known', source: '/shop', type: 'millrace.document.upsert.v1' },
  data: { text: 'As it should have been.' },
};

const limit = 1_000;
const correct = (
  of: Partial<DeadLetterRecord>,
  more: Partial<DocumentCloudEvent> = {},
  tenant?: string,
  saidAt?: number,
) =>
  correctedMessage(
    { ...letter, ...of },
    { id: 'letter', event: { ...event, ...more } as DocumentCloudEvent, ...(tenant && { tenant }) },
    { maxBytes: limit, saidAt },
  );

it("takes the message's place under an id of the letter and its time", () => {
  const { topic, key, value, headers } = correct({});
  expect([topic, key]).toEqual(['documents.v1', 'acme/a']);
  expect(JSON.parse(value)).toEqual({ ...event, id: 'letter.1000' });
  expect(headers[givenUpHeader]).toBe('1970-01-01T00:00:01.000Z');
});

it('is as old as the message was when it was given up first', () => {
  expect(correct({ saidAt: 500 }).headers[givenUpHeader]).toBe('1970-01-01T00:00:00.500Z');
});

it('is as old as the version that failed, whenever it did', () => {
  const header = (saidAt: number) => correct({}, {}, undefined, saidAt).headers[givenUpHeader];
  expect([header(900), header(1_020)]).toEqual(['1970-01-01T00:00:00.900Z', '1970-01-01T00:00:01.020Z']);
});

it('is about the document of the letter', () => {
  const subject = { tenant: 'acme', document: 'c', version: 3 };
  expect(correct({ document: undefined, subject }).key).toBe('acme/c');
  expect(correct({}, { subject: 'a' }).key).toBe('acme/a');
  expect(() => correct({}, { subject: 'victim' })).toThrow(/it is about a, the event names victim/);
  expect(() => correct({}, { subject: 'a', data: { id: 'b' } })).toThrow(/name two documents/);
});

it('names it where the letter does not, and whose it is', () => {
  const nameless = { document: undefined };
  expect(correct(nameless, { subject: 'b' }).key).toBe('acme/b');
  expect(correct(nameless, { subject: 'b' }, 'other').key).toBe('other/b');
  expect(() => correct(nameless)).toThrow(/letter letter: it names no document/);
  for (const subject of ['a%b', 'x?y', '../other/x', '/x'])
    expect(() => correct(nameless, { subject })).toThrow(/is no id of a document/);
});

it('is no longer than the log takes', () => {
  expect(() => correct({}, { data: { text: 'ü'.repeat(limit / 2) } })).toThrow(
    /has 1\d\d\d bytes, 1000 are allowed/,
  );
});
