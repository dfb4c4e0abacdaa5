import { expect, it } from 'vitest';
import { givenUpHeader, type DocumentCloudEvent } from '@millrace/contracts';
import type { DeadLetterRecord } from '@millrace/ports';
import { correctedMessage } from './corrected-message.ts';

const letter: DeadLetterRecord = {
  ...{ id: 'letter', tenant: 'acme', origin: 'documents.v1', document: 'a', attempts: 1, at: 1_000 },
  reason: { code: 'invalid_event', message: '' },
  replay: { topic: 'documents.v1', key: 'acme/a', value: '{"data":5}', headers: {} },
};

const event: DocumentCloudEvent = {
  ...{ specversion: '1.0', id: 'known', source: '/shop', type: 'millrace.document.upsert.v1' },
  data: { text: 'As it should have been.' },
};

it("takes the message's place under the letter's id", () => {
  const { topic, key, value, headers } = correctedMessage(letter, event);
  expect([topic, key]).toEqual(['documents.v1', 'acme/a']);
  expect(JSON.parse(value)).toEqual({ ...event, id: 'letter' });
  expect(headers[givenUpHeader]).toBe('1970-01-01T00:00:01.000Z');
});

it('is as old as the message was when it was given up first', () => {
  const first = '1969-12-31T23:59:00.000Z';
  const again = { ...letter, replay: { ...letter.replay, headers: { [givenUpHeader]: first } } };
  expect(correctedMessage(again, event).headers[givenUpHeader]).toBe(first);
});

it('may be of another document, but not of another tenant', () => {
  const { document: _, ...nameless } = letter;
  expect(correctedMessage(letter, { ...event, subject: 'other/b' }).key).toBe('acme/other/b');
  expect(correctedMessage(nameless, { ...event, subject: 'b' }).key).toBe('acme/b');
  const subject = { tenant: 'acme', document: 'c', version: 3 };
  expect(correctedMessage({ ...nameless, subject }, event).key).toBe('acme/c');
  expect(() => correctedMessage(nameless, event)).toThrow(/letter letter names no document/);
});
