import { expect, it } from 'vitest';
import { redactedDocument } from './redaction.ts';

const chunk = (ordinal: number, start: number, end: number, text: string) => ({
  ...{ ordinal, start, end, text: text.slice(start, end), tokens: 1, headings: [] },
});

it('a document has labels in place of what is redacted, and its chunks are still parts of its text', () => {
  const text = 'aaa SECRET bbb NAME ccc';
  const chunks = [
    chunk(0, 0, 7, text),
    chunk(1, 7, 15, text),
    chunk(2, 15, 23, text),
    chunk(3, 20, 23, text),
  ];
  const redactions = [
    { start: 4, end: 10, text: '[key]' },
    { start: 15, end: 19, text: '[somebody]' },
  ];
  const redacted = redactedDocument({ text, chunks }, redactions);
  expect(redacted.text).toBe('aaa [key] bbb [somebody] ccc');
  expect(redacted.chunks.map((each) => each.text)).toEqual([
    'aaa [key]',
    '[key] bbb ',
    '[somebody] ccc',
    'ccc',
  ]);
  for (const { start, end, text: part } of redacted.chunks)
    expect(redacted.text.slice(start, end)).toBe(part);
});
