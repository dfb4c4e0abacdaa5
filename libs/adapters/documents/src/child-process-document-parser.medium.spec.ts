import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ParsedDocument } from '@millrace/ports';
import { randomNumbers, workersDir } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ChildProcessDocumentParser, type DocumentParserOptions } from './child-process-document-parser.ts';
import { bytesOf, docxOf, wordParagraph } from './testing/made-files.ts';
import { cjkPdfOf } from './testing/made-pdf.ts';
import { codeOf } from './testing/read.ts';

const chunking = { maxTokens: 256, maxChunks: 20_000 };
const text = (content: string) => ({ bytes: bytesOf(content), chunking });
const open: ChildProcessDocumentParser[] = [];

function parserWith(options: Partial<DocumentParserOptions> = {}): ChildProcessDocumentParser {
  const parser = new ChildProcessDocumentParser({ workersDir, ...options });
  open.push(parser);
  return parser;
}

afterAll(async () => {
  await Promise.all(open.map((parser) => parser.close()));
});

/** A worker that follows the protocol and misbehaves as the file's text tells it to. */
const misbehaving = new URL('./testing/misbehaving/', import.meta.url);
const readsFine = async (parser: ChildProcessDocumentParser): Promise<void> =>
  expect((await parser.parse(text('fine'))).text).toBe('fine');

/** The processes of all parsers here. */
const children = (): number[] =>
  readdirSync('/proc/self/task')
    .flatMap((task) => readFileSync(`/proc/self/task/${task}/children`, 'utf8').trim().split(' '))
    .map(Number)
    .filter((pid) => pid > 0);

describe('a document', () => {
  let parser: ChildProcessDocumentParser;
  beforeAll(() => {
    parser = parserWith();
  });

  it('comes back from the child process with its chunks', async () => {
    const bytes = docxOf(wordParagraph('Mill', 'Heading1') + wordParagraph('The wheel turns.'));
    expect(await parser.parse({ bytes, filename: 'a.docx', chunking })).toEqual<ParsedDocument>({
      title: 'Mill',
      text: 'Mill\n\nThe wheel turns.',
      chunks: [{ ordinal: 0, start: 0, end: 22, text: 'Mill\n\nThe wheel turns.', tokens: 5, headings: [] }],
      mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      parser: 'docx@5',
      chunker: 'structure@5',
    });
  });

  it('is read with the character maps of pdf.js, which the child may read from disk', async () => {
    const bytes = cjkPdfOf('水車が石を回す', 'UniJIS-UCS2-H', 'Japan1');
    expect((await parser.parse({ bytes, chunking })).text).toBe('水車が石を回す');
  });

  it('keeps the code and particulars of a refusal', async () => {
    const refusal = parser.parse({ bytes: bytesOf('{\\rtf1}'), chunking });
    await expect(refusal).rejects.toMatchObject({ code: 'unsupported_format', detail: 'it is an RTF file' });
    expect(
      await codeOf(parser.parse({ ...text('a '.repeat(5000)), chunking: { maxTokens: 64, maxChunks: 3 } })),
    ).toBe('too_many_chunks');
  });

  it('is refused with more text than the limit', async () => {
    expect(await codeOf(parserWith({ maxTextChars: 1000 }).parse(text('a '.repeat(501))))).toBe(
      'too_many_chunks',
    );
  });

  it.each([
    ['a line of a million characters', bytesOf('mill '.repeat(200_000)), 'a.txt', 'read'],
    ['a line of a million characters in Markdown', bytesOf('mill '.repeat(200_000)), 'a.md', 'read'],
    ['250,000 headings', bytesOf('# a\n'.repeat(250_000)), 'a.md', 'read'],
    ['a list of 250,000 values', bytesOf(`{"a":[[],${'{"b":1},'.repeat(250_000)}1]}`), 'a.json', 'read'],
    ['a word of a million characters', bytesOf('x'.repeat(1_000_000)), 'a.txt', 'read'],
    [
      'JSON of 100,000 levels',
      bytesOf('['.repeat(100_000) + ']'.repeat(100_000)),
      'a.json',
      'nested_too_deeply',
    ],
    [
      'a zip bomb',
      docxOf(wordParagraph('x'), { 'word/b.xml': new Uint8Array(30_000_000) }),
      'a.docx',
      'document_expands_too_far',
    ],
    [
      'a billion laughs',
      docxOf(
        wordParagraph('&c;'),
        {},
        `<!DOCTYPE x [<!ENTITY b "${'lol'.repeat(99)}"><!ENTITY c "${'&b;'.repeat(99)}">]>`,
      ),
      'a.docx',
      'unreadable_document',
    ],
  ])('may be %s', async (_, bytes, filename, code) => {
    expect(await codeOf(parser.parse({ bytes, filename, chunking }))).toBe(code);
    await readsFine(parser);
  });
});

describe('a small file is read in seconds, whatever is in it', () => {
  const much = (part: string): string => part.repeat(200_000 / part.length);
  let parser: ChildProcessDocumentParser;
  beforeAll(() => {
    parser = parserWith({ timeoutMs: 5000 });
  });

  it.each([
    ['emphasis that never ends', 'a.md', much('*a_')],
    ['a quote in a quote in a quote', 'a.md', much('>')],
    ['quotes in lists in quotes', 'a.md', much(`${'> - '.repeat(48)}a\n`)],
    ['brackets that are closed, and not', 'a.md', much('[') + much('](a)')],
    ['links to nowhere', 'a.md', much('[a]')],
    ['comments that never end', 'a.md', much('x <!-- ')],
    ['HTML that never ends', 'a.md', `<div>\n${much('<style')}${much('<')}`],
    ['an item that goes on and on', 'a.md', `- a\n${much('b\n')}`],
    ['headings only', 'a.md', much('a\n=\n')],
    ['a table of one row', 'a.md', `${much('|a')}\n${much('|-')}`],
    ['a title of blanks', 'a.md', `---\ntitle: a${much(' ')}b\n---\na`],
    [
      'long names of columns, short values',
      'a.csv',
      `${'x'.repeat(60)},${'y'.repeat(60)}\n${'1,2\n'.repeat(10_000)}`,
    ],
  ])('%s', async (_, filename, content) => {
    const code = await codeOf(parser.parse({ bytes: bytesOf(content), filename, chunking }));
    expect(['read', 'no_text', 'too_many_chunks']).toContain(code);
  });
});

describe('a file that harms its process fails alone', () => {
  it('by taking too long', async () => {
    const parser = parserWith({ workersDir: misbehaving, timeoutMs: 300 });
    expect(await codeOf(parser.parse(text('loop')))).toBe('parse_timeout');
    await readsFine(parser);
  });

  it('by taking long, but not by waiting long for a processor', async () => {
    const parser = parserWith({ workersDir: misbehaving, timeoutMs: 700 });
    expect(await codeOf(parser.parse({ ...text('nap'), hurried: true }))).toBe('parse_timeout');
    expect(await codeOf(parser.parse(text('nap')))).toBe('read');
  });

  it('by filling the heap', async () => {
    const parser = parserWith({ memoryMb: 128, timeoutMs: 50_000 });
    const wide = `[${Array.from({ length: 2_000_000 }, (_, i) => `{"a":${i}}`).join(',')}]`;
    expect(await codeOf(parser.parse({ bytes: bytesOf(wide), filename: 'a.json', chunking }))).toBe(
      'parse_out_of_memory',
    );
    await readsFine(parser);
  });

  it('by taking memory outside the heap', async () => {
    const parser = parserWith({ memoryMb: 160 });
    const bytes = new Uint8Array(200_000_000).fill(0x41);
    expect(await codeOf(parser.parse({ bytes, filename: 'a.txt', chunking }))).toBe('parse_out_of_memory');
    await readsFine(parser);
  });

  it('by crashing it', async () => {
    const parser = parserWith({ workersDir: misbehaving });
    expect(await codeOf(parser.parse(text('crash')))).toBe('unreadable_document');
    await readsFine(parser);
  });

  it('and one whose process is killed from outside may be tried again, twice', async () => {
    const parser = parserWith({ workersDir: misbehaving });
    for (let n = 0; n < 2; n++)
      await expect(parser.parse(text('killed'))).rejects.toMatchObject({
        code: 'dependency_unavailable',
        spec: { retryable: true },
      });
    expect(await codeOf(parser.parse(text('killed')))).toBe('parse_out_of_memory');
    await readsFine(parser);
  });
});

describe('the pool', () => {
  it('ends the work of a caller who went away', async () => {
    const parser = parserWith({ workersDir: misbehaving });
    await readsFine(parser);
    const caller = new AbortController();
    const reading = codeOf(parser.parse(text('loop'), caller.signal));
    caller.abort();
    expect(await reading).toBe('cancelled');
    await readsFine(parser);
  });

  it('reads others while one file takes long', async () => {
    const parser = parserWith({ workersDir: misbehaving, processes: 2, timeoutMs: 3_000 });
    const long = codeOf(parser.parse(text('loop')));
    for (let i = 0; i < 3; i++) await readsFine(parser);
    expect(await Promise.race([long, Promise.resolve('still read')])).toBe('still read');
    expect(await long).toBe('parse_timeout');
  });

  it('reads a file of another group although long ones of one group hold all processes', async () => {
    const parser = parserWith({ workersDir: misbehaving, processes: 2, timeoutMs: 20_000 });
    const long = ['loop', 'loop', 'loop'].map((each) => codeOf(parser.parse({ ...text(each), group: 'a' })));
    for (const group of ['b', 'c'])
      expect((await parser.parse({ ...text('fine'), group })).text).toBe('fine');
    expect(await Promise.race([...long, Promise.resolve('still read')])).toBe('still read');
    await parser.close();
  });

  it('begins a long file when those who come meanwhile find a process that is up', async () => {
    const parser = parserWith({ workersDir: misbehaving });
    const warm = (await parser.parse({ ...text('pid'), group: 'a' })).text;
    const long = parser.parse({ ...text('pid'.padEnd(600_000)), group: 'b' });
    expect((await parser.parse({ ...text('pid'), group: 'a' })).text).toBe(warm);
    await long;
  });

  it('reads with the process that is free first, be it done with another file or started', async () => {
    const parser = parserWith({ workersDir: misbehaving });
    const warm = (await parser.parse({ ...text('pid'), group: 'a' })).text;
    const pids = await Promise.all(['a', 'b'].map((group) => parser.parse({ ...text('pid'), group })));
    expect(pids.map((each) => each.text)).toEqual([warm, warm]);
  });

  it('starts another one in the place of one that was killed while it had no file', async () => {
    const parser = parserWith({ workersDir: misbehaving });
    const pid = (await parser.parse(text('pid'))).text;
    process.kill(Number(pid), 'SIGKILL');
    await vi.waitFor(() => expect(existsSync(`/proc/${pid}/stat`)).toBe(false), 5_000);
    expect((await parser.parse(text('pid'))).text).not.toBe(pid);
  });

  it('gives way to whatever answers somebody who waits', async () => {
    const parser = parserWith({ workersDir: misbehaving });
    const pid = Number((await parser.parse(text('pid'))).text);
    expect(getPriority(pid)).toBeGreaterThan(getPriority());
  });

  it('loses one file, not all that wait, with a process that dies as it starts', async () => {
    const parser = parserWith({ workersDir: misbehaving, processes: 2 });
    const before = new Set(children());
    const both = ['fine', 'fine'].map((each) => codeOf(parser.parse(text(each))));
    const started = await vi.waitFor(() => {
      const found = children().filter((pid) => !before.has(pid));
      expect(found).not.toEqual([]);
      return found;
    });
    process.kill(started[0]!, 'SIGKILL');
    expect(await Promise.all(both)).toContain('read');
  });

  it('ends no process that a file waits for, however long it takes to start', async () => {
    const parser = parserWith({ workersDir: misbehaving, processes: 2, idleMs: 1 });
    const codes = ['fine', 'fine'].map((each) => codeOf(parser.parse(text(each))));
    expect(await Promise.all(codes)).toEqual(['read', 'read']);
  });

  it('has a process again soon after the last one has ended, without being asked for anything', async () => {
    const parser = parserWith({ workersDir: misbehaving });
    process.kill(Number((await parser.parse(text('pid'))).text), 'SIGKILL');
    await vi.waitFor(async () => expect(await parser.healthy()).toBe(false), 5_000);
    await vi.waitFor(async () => expect(await parser.healthy()).toBe(true), 5_000);
  });

  it('lets a waiting caller go without disturbing the others', async () => {
    const parser = parserWith({ workersDir: misbehaving });
    const caller = new AbortController();
    const first = parser.parse(text('fine'));
    const waiting = codeOf(parser.parse(text('never read'), caller.signal));
    const third = parser.parse(text('also fine'));
    caller.abort();
    expect(await waiting).toBe('cancelled');
    expect([(await first).text, (await third).text]).toEqual(['fine', 'also fine']);
  });

  it('ends every file, whatever befalls files, processes and callers, and reads on', async () => {
    const before = new Set(children());
    const parser = parserWith({ workersDir: misbehaving, processes: 3, maxFilesPerProcess: 7, idleMs: 5 });
    const own = () => children().filter((pid) => !before.has(pid));
    const random = randomNumbers(31);
    const oneOf = (things: readonly string[]): string => things[Math.floor(random() * things.length)]!;
    const kinds = ['fine', 'fine', 'pid', 'fine'.padEnd(600_000), 'crash', 'killed'];
    let left = 300;
    const ended: unknown[] = [];
    const caller = async (group: string): Promise<void> => {
      while (left-- > 0) {
        const going = new AbortController();
        if (random() < 0.1) setTimeout(() => going.abort(), 10 * random());
        if (random() < 0.1) for (const pid of own().slice(0, 1)) process.kill(pid, 'SIGKILL');
        ended.push(await codeOf(parser.parse({ ...text(oneOf(kinds)), group }, going.signal)));
      }
    };
    await Promise.all(['a', 'a', 'b', 'b', 'c', 'd'].map(caller));
    expect(ended).toHaveLength(300);
    expect(new Set(ended)).toEqual(
      new Set(['read', 'cancelled', 'unreadable_document', 'dependency_unavailable', 'parse_out_of_memory']),
    );
    await readsFine(parser);
    await vi.waitFor(() => expect(own().length).toBeLessThanOrEqual(1), 5_000);
  });

  it('lets a caller go who waits for a process that starts', async () => {
    const parser = parserWith({ workersDir: misbehaving });
    const caller = new AbortController();
    const starting = codeOf(parser.parse(text('fine'), caller.signal));
    await nextTurn();
    caller.abort();
    expect(await Promise.race([starting, parser.healthy()])).toBe('cancelled');
    await readsFine(parser);
  });

  it('refuses more waiting files than its limit', async () => {
    const parser = parserWith({ workersDir: misbehaving, maxWaiting: 1 });
    const codes = await Promise.all(['fine', 'fine', 'fine'].map((each) => codeOf(parser.parse(text(each)))));
    expect(codes).toEqual(['read', 'read', 'queue_full']);
  });

  it('replaces a process after its share of files', async () => {
    const parser = parserWith({ workersDir: misbehaving, maxFilesPerProcess: 2 });
    const pids: string[] = [];
    for (let i = 0; i < 4; i++) pids.push((await parser.parse(text('pid'))).text);
    expect([pids[0] === pids[1], pids[1] === pids[2], pids[2] === pids[3]]).toEqual([true, false, true]);
  });

  it('ends the processes that a rush has started once they have nothing to do, all but one', async () => {
    const parser = parserWith({ workersDir: misbehaving, processes: 3, idleMs: 200 });
    const rush = await Promise.all(['nap', 'nap', 'nap'].map((each) => parser.parse(text(each))));
    expect(new Set(rush.map((each) => each.text)).size).toBe(3);
    const alive = () => rush.filter((each) => existsSync(`/proc/${each.text}/stat`));
    await vi.waitFor(() => expect(alive()).toHaveLength(1), 5_000);
    expect((await parser.parse(text('pid'))).text).toBe(alive()[0]?.text);
  });

  it('replaces a process that has grown', async () => {
    const parser = parserWith({ workersDir: misbehaving, recycleAboveMb: 1 });
    const first = (await parser.parse(text('pid'))).text;
    expect((await parser.parse(text('pid'))).text).not.toBe(first);
  });

  it('says when no process comes up, and when it is closed', async () => {
    const parser = parserWith({ workersDir: new URL('./nowhere/', import.meta.url) });
    expect(await codeOf(parser.parse(text('fine')))).toBe('dependency_unavailable');
    expect(await parser.healthy()).toBe(false);
    const closed = parserWith({ workersDir: misbehaving });
    expect(await closed.healthy()).toBe(true);
    const underWay = codeOf(closed.parse(text('loop')));
    const waiting = codeOf(closed.parse(text('fine')));
    await closed.close();
    expect([await underWay, await waiting, await codeOf(closed.parse(text('fine')))]).toEqual(
      Array.from({ length: 3 }, () => 'shutting_down'),
    );
    expect(await closed.healthy()).toBe(false);
  });

  it('leaves no key of ours in the child, and lets it write and start nothing', async () => {
    const parser = parserWith({ workersDir: misbehaving });
    const found: unknown = JSON.parse((await parser.parse(text('locks'))).text);
    expect(found).toEqual({ env: [], write: 'ERR_ACCESS_DENIED', spawn: 'ERR_ACCESS_DENIED' });
  });

  it('takes its processes with it when it is closed', async () => {
    const parser = parserWith({ workersDir: misbehaving });
    const pid = (await parser.parse(text('pid'))).text;
    await parser.close();
    await expect(readFile(`/proc/${pid}/stat`)).rejects.toThrow();
  });
});
