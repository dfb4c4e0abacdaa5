import { expect, it } from 'vitest';
import { eventOf } from './letter-event.ts';

const letter = (value: string, headers: Record<string, string> = {}) => ({
  ...{ id: 'letter', tenant: 'acme', origin: 'documents.v1', attempts: 1, at: '2026-03-01T09:00:00Z' },
  reason: { code: 'invalid_event', message: '' },
  message: { headers, value },
});

it('is the event as it was sent', () => {
  const event = { specversion: '1.0', data: { text: 5 } };
  expect(eventOf(letter(JSON.stringify(event)))).toEqual(event);
});

it('is one event of headers and value', () => {
  const headers = { ce_id: '1', ce_type: 'else', 'content-type': 'application/json', other: 'x' };
  expect(eventOf(letter('{"text":5}', headers))).toEqual({
    ...{ id: '1', type: 'else', datacontenttype: 'application/json' },
    data: { text: 5 },
  });
});

it('is the text of what was no JSON', () => {
  expect(eventOf(letter('{"specversion": '))).toBe('{"specversion": ');
});

it('takes the place of a document that could not be worked on', () => {
  const failed = { ...letter('{}'), origin: 'ingestion.document.accepted.v1' };
  const subject = { tenant: 'acme', document: 'a', version: 3 };
  expect(eventOf({ ...failed, subject })).toMatchObject({ subject: 'a', data: {} });
});
