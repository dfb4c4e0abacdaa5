import { givenUpHeader, type DeadLetter } from '@millrace/contracts';
import { expect, it } from 'vitest';
import { givenUpAt, recordOf } from './dead-letter-record.ts';

const at = '2026-01-01T00:00:00.000Z';
const letter = (more: Partial<DeadLetter> = {}): DeadLetter => ({
  reason: { code: 'invalid_event', message: 'Why.' },
  ...{ attempts: 1, origin: 'documents.v1', at, payload: { json: { a: 1 } } },
  ...{ key: 'acme/a/b', headers: { ce_id: '1' }, partition: 0, offset: 5 },
  ...more,
});

it('a letter goes back to where it came from, with its key and headers, and says when it was given up', () => {
  const { replay } = recordOf(letter());
  expect(replay).toMatchObject({ topic: 'documents.v1', key: 'acme/a/b', value: '{"a":1}' });
  expect(replay.headers).toMatchObject({ ce_id: '1' });
  expect(givenUpAt(replay.headers)).toBe(Date.parse(at));
  expect(givenUpAt({})).toBeUndefined();
});

it('a letter given up twice is as old as the first time', () => {
  const { replay } = recordOf(letter());
  const later = '2026-02-01T00:00:00.000Z';
  const again = recordOf(letter({ headers: replay.headers, at: later }));
  expect(givenUpAt(again.replay.headers)).toBe(Date.parse(at));
  expect(again).toMatchObject({ saidAt: Date.parse(at), at: Date.parse(later) });
});

it.each(['x', '', '2999-01-01T00:00:00.000Z'])(
  'a letter was given up when it was, whatever its sender put into the header: %j',
  (foreign) => {
    const { replay, saidAt } = recordOf(letter({ headers: { [givenUpHeader]: foreign } }));
    expect(saidAt).toBe(Date.parse(at));
    expect(givenUpAt(replay.headers)).toBe(saidAt);
  },
);

it('a letter belongs to whom its key names, as far as that can be read', () => {
  expect(recordOf(letter())).toMatchObject({ tenant: 'acme', document: 'a/b' });
  for (const key of ['', 'acme', 'Acme/a', 'acme/../a', 'acme/'])
    expect(recordOf(letter({ key }))).toMatchObject({ tenant: 'default' });
  const subject = { tenant: 'acme', document: 'a', version: 3 };
  const { key: _key, headers: _headers, ...ofJob } = letter({ subject, origin: 'x' });
  const { document, replay, ...rest } = recordOf(ofJob);
  expect(rest).toMatchObject({ tenant: 'acme', subject });
  expect(document).toBeUndefined();
  expect(replay).toMatchObject({ key: 'acme/a', headers: { 'content-type': 'application/json' } });
});

it('a message has one letter however often it is written, and another message another', () => {
  const id = (more: Partial<DeadLetter>): string => recordOf(letter(more)).id;
  const later = '2026-02-01T00:00:00.000Z';
  expect(id({ at: later, attempts: 2 })).toBe(id({}));
  const placeless = { partition: undefined, offset: undefined };
  expect(id({ ...placeless, at: later })).not.toBe(id(placeless));
  const others = [
    {},
    { offset: 6 },
    { partition: 1 },
    { timestamp: 5 },
    { key: 'acme/c' },
    { origin: 'x' },
    { payload: { json: 1 } },
  ];
  expect(new Set(others.map(id)).size).toBe(others.length);
});

it('a letter of bytes that are no text can be kept and sent, if not the same to the byte', () => {
  const base64 = Buffer.from([0x1f, 0x8b, 0x00, 0x41]).toString('base64');
  const { replay } = recordOf(letter({ payload: { base64 }, key: 'a\0' }));
  expect(replay).toMatchObject({ key: 'a\ufffd', value: '\u001f\ufffd\ufffdA' });
  const text = Buffer.from('plain text, not JSON: ä').toString('base64');
  expect(recordOf(letter({ payload: { base64: text } })).replay.value).toBe('plain text, not JSON: ä');
});
