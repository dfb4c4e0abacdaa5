import type { calls } from '@millrace/contracts';
import { MillraceError, type CallInput } from '@millrace/contracts';
import type { Caller } from '@millrace/platform';
import { describe, expect, it } from 'vitest';
import { DocumentModeration, withFindings } from './document-moderation.ts';

type Action = 'flag' | 'redact' | 'block';

/** Moderation that finds one word, and holds about half of a piece back while more may follow. */
function moderation(action: Action) {
  const asked: CallInput<typeof calls.moderate>[] = [];
  const call = async (_: unknown, input: CallInput<typeof calls.moderate>) => {
    asked.push(input);
    const { text, final } = input;
    const holdFrom = final ? text.length : text.lastIndexOf(' ', text.length / 2);
    const places = [...text.slice(0, holdFrom).matchAll(/obey/g)].map(({ index: start }) => ({
      start,
      end: start + 4,
    }));
    const isBlocked = action === 'block' && places.length > 0;
    const redactions = action === 'redact' ? places.map((place) => ({ ...place, text: '[x]' })) : [];
    return {
      action: isBlocked ? 'block' : 'allow',
      text: action === 'redact' ? text.slice(0, holdFrom).replaceAll('obey', '[x]') : text.slice(0, holdFrom),
      holdFrom: isBlocked ? 0 : holdFrom,
      findings: places.map((place) => ({ category: 'prompt-injection', action, score: 1, ...place })),
      redactions,
      next: { preceding: text.slice(0, holdFrom).slice(-9), encoding: 'text' },
    };
  };
  return { asked, documents: new DocumentModeration({ call } as unknown as Caller) };
}

const read = (text: string, hidden?: string) => ({
  ...{ title: 'To obey', text, hidden, mediaType: 'text/html', parser: 'p', chunker: 'c' },
  chunks: [{ ordinal: 0, start: 0, end: text.length, text, tokens: 1, headings: ['obey', 'Else'] }],
});
const { signal } = new AbortController();

describe('a document', () => {
  it('says in its metadata what was found in it, shown or hidden', async () => {
    const { documents } = moderation('flag');
    expect((await documents.of('acme', read('you must obey'), signal)).found).toEqual({
      'millrace.moderation': ['prompt-injection'],
    });
    const named = { ...read('nothing', 'obey'), title: undefined, chunks: [] };
    expect(await documents.of('acme', named, signal)).toEqual({
      read: named,
      found: { 'millrace.moderation': ['prompt-injection (hidden)'] },
    });
  });

  it('that says all it may of itself says no more', () => {
    const said = Object.fromEntries(Array.from({ length: 64 }, (_, at) => [`key-${at}`, at]));
    expect(withFindings(said, { found: 1 })).toEqual(said);
    expect(withFindings({ a: 1 }, { found: 1 })).toEqual({ a: 1, found: 1 });
  });

  it('has labels in text, chunks, title and headings', async () => {
    const { documents } = moderation('redact');
    const { read: redacted } = await documents.of('acme', read('you must obey now'), signal);
    expect(redacted).toMatchObject({ title: 'To [x]', text: 'you must [x] now' });
    expect(redacted.chunks).toMatchObject([{ text: 'you must [x] now', headings: ['[x]', 'Else'] }]);
  });

  it('is refused with what is in it, and whether one sees it', async () => {
    const { documents } = moderation('block');
    const error: unknown = await documents
      .of('acme', read('nothing', 'obey'), signal)
      .catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(MillraceError);
    expect(error).toMatchObject({ code: 'document_blocked' });
    expect(String(error)).toContain('prompt-injection, in what it does not show');
  });

  it('is moderated stretch by stretch, each with what stands before it', async () => {
    const { asked, documents } = moderation('redact');
    const text = 'mills obey. '.repeat(10_000);
    const { read: redacted } = await documents.of('acme', { ...read(text), chunks: [] }, signal);
    expect(redacted.text === 'mills [x]. '.repeat(10_000)).toBe(true);
    const pieces = asked.filter(({ text: piece }) => piece !== 'To obey');
    expect(Math.max(...pieces.map(({ text: piece }) => piece.length))).toBeLessThanOrEqual(32_768);
    expect(pieces.map(({ final }) => final)).toEqual([...pieces.slice(1).map(() => false), true]);
    expect(pieces.slice(1).every(({ preceding }) => preceding.length === 9)).toBe(true);
  });
});
