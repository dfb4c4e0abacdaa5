import { jobs, MillraceError, parsedDocument, type ParsedDocument } from '@millrace/contracts';
import type { EventPublisher, JobContext } from '@millrace/platform';
import type { DocumentParser, ParserInput } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import type { DocumentModeration } from './document-moderation.ts';
import { DocumentReader } from './document-reader.ts';
import type { Source } from './source.ts';
import { BlobsInMemory } from './testing/blobs-in-memory.ts';

const accepted = (version: number, earlier?: string) => ({
  ...{ tenant: 'acme', document: 'a', version, acceptedAt: '2026-01-01T00:00:00.000Z' },
  source: `acme/a/${version}/source.json`,
  ...(earlier !== undefined && { earlier }),
});
const context = { signal: new AbortController().signal } as JobContext;

/** A reader whose parser counts what it reads; `slow`: in a hurry it comes to no end; `found`: by moderation. */
async function readingRoom({ slow = false, found = {} } = {}) {
  const blobs = new BlobsInMemory();
  let reads = 0;
  const types: unknown[] = [];
  const parser = {
    parse: async ({ mediaType, hurried }: ParserInput) => {
      reads += 1;
      if (slow && hurried) throw new MillraceError('parse_timeout');
      types.push(mediaType);
      const chunk = { ordinal: 0, start: 0, end: 4, text: 'mill', tokens: 1, headings: [] };
      return { text: 'mill', chunks: [chunk], mediaType: 'text/plain', parser: 'text@1', chunker: 'c@1' };
    },
  } as unknown as DocumentParser;
  const told: Record<string, unknown>[] = [];
  const events = {
    publish: async (_spec: unknown, data: Record<string, unknown>) => void told.push(data),
  } as unknown as EventPublisher;
  const moderation = {
    of: async (_: string, read: object) => ({ read, found }),
  } as unknown as DocumentModeration;
  const reader = new DocumentReader(blobs, parser, events, moderation, {
    chunkTokens: 256,
    maxChunks: 10,
  } as never);
  const put = (version: number, acl: string[]) => {
    const source: Source = { metadata: {}, acl, content: { text: 'mill' } };
    return blobs.put(accepted(version).source, new TextEncoder().encode(JSON.stringify(source)));
  };
  const text = async (version: number): Promise<ParsedDocument> =>
    parsedDocument.parse(
      JSON.parse(new TextDecoder().decode(await blobs.get(`acme/a/${version}/parsed.json`))),
    );
  return { reader, blobs, put, text, told, types, reads: () => reads };
}

it('has a text out of JSON read as UTF-8, and a file as its sender says', async () => {
  const { reader, blobs, types } = await readingRoom();
  const contents: Source['content'][] = [{ text: 'mill' }, { blob: accepted(1).source }];
  for (const content of contents) {
    const source: Source = { metadata: {}, acl: [], mediaType: 'text/html', content };
    await blobs.put(accepted(1).source, new TextEncoder().encode(JSON.stringify(source)));
    await reader.read(accepted(1), context);
  }
  expect(types).toEqual(['text/html; charset=utf-8', 'text/html']);
});

describe('a version that differs in its access list alone', () => {
  it('has the text of the version before without being read again, and chunks of its own', async () => {
    const { reader, put, text, told, reads } = await readingRoom();
    await put(1, []);
    await reader.read(accepted(1), context);
    await put(2, ['group:hr']);
    await reader.revise(accepted(2, 'acme/a/1/parsed.json'), context);
    expect(reads()).toBe(1);
    const [before, after] = [await text(1), await text(2)];
    expect(after.acl).toEqual(['group:hr']);
    expect(after.chunks[0]!.id).not.toBe(before.chunks[0]!.id);
    expect({ ...after.chunks[0], id: '' }).toEqual({ ...before.chunks[0], id: '' });
    expect(told.map(({ version, parsed, earlier }) => [version, parsed, earlier])).toEqual([
      [1, 'acme/a/1/parsed.json', undefined],
      [2, 'acme/a/2/parsed.json', 'acme/a/1/parsed.json'],
    ]);
  });

  it('says of itself what was found in it', async () => {
    const found = { 'millrace.moderation': ['prompt-injection'] };
    const { reader, put, text } = await readingRoom({ found });
    await put(1, []);
    await reader.read(accepted(1), context);
    await put(2, ['group:hr']);
    await reader.revise(accepted(2, 'acme/a/1/parsed.json'), context);
    expect([(await text(1)).metadata, (await text(2)).metadata]).toEqual([found, found]);
  });

  it('is read when the version before is gone meanwhile', async () => {
    const { reader, put, text, reads } = await readingRoom();
    await put(2, ['group:hr']);
    await reader.revise(accepted(2, 'acme/a/1/parsed.json'), context);
    expect(reads()).toBe(1);
    expect((await text(2)).acl).toEqual(['group:hr']);
  });
});

describe('a file that takes long', () => {
  it('is put aside, and read when its turn comes among its like', async () => {
    const { reader, put, text, told, reads } = await readingRoom({ slow: true });
    await put(1, []);
    await reader.read(accepted(1), context);
    expect(told).toEqual([{ ...accepted(1), slow: true }]);
    await reader.readSlowly({ ...accepted(1), slow: true }, context);
    expect(reads()).toBe(2);
    expect((await text(1)).text).toBe('mill');
  });

  it('has a queue of its own, also as a revision', () => {
    const queuesOf = (data: object) =>
      [jobs.parseDocument, jobs.parseSlowDocument, jobs.reviseDocument]
        .filter(({ when }) => when?.(data as never))
        .map(({ name }) => name);
    expect(queuesOf(accepted(1))).toEqual(['parse-document']);
    expect(queuesOf(accepted(1, 'earlier'))).toEqual(['revise-document']);
    expect(queuesOf({ ...accepted(1), slow: true })).toEqual(['parse-slow-document']);
    expect(queuesOf({ ...accepted(1, 'earlier'), slow: true })).toEqual(['parse-slow-document']);
  });
});
