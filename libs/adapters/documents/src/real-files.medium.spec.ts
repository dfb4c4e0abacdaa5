import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { errors, MillraceError } from '@millrace/contracts';
import { sharedData, workersDir } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChildProcessDocumentParser } from './child-process-document-parser.ts';

const chunking = { maxTokens: 256, maxChunks: 20_000 };
const multiformat = sharedData('documents/multiformat');
const pdf = sharedData('documents/pdf');
const markdown = sharedData('documents/keda-docs');
const cranfield = sharedData('retrieval/cranfield/corpus.jsonl');

/** Files by outcome, for each ending of a name. */
type Table = Map<string, Map<string, number>>;

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name !== 'listing.tsv')
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

function count(table: Table, file: string, outcome: string): void {
  const row = table.get(extname(file)) ?? new Map<string, number>();
  table.set(extname(file), row.set(outcome, (row.get(outcome) ?? 0) + 1));
}

const shown = (table: Table): string =>
  [...table]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(
      ([format, row]) => `${format || '(none)'}: ${[...row].map(([code, n]) => `${n} ${code}`).join(', ')}`,
    )
    .join('\n');

/** Resident memory of this process's children. */
async function childrenRssMb(): Promise<number> {
  const children = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
  const statuses = children
    .trim()
    .split(' ')
    .map((pid) => readFile(`/proc/${pid}/status`, 'utf8'));
  const kilobytes = (await Promise.all(statuses)).map((each) =>
    Number(/VmRSS:\s+(\d+)/.exec(each)?.[1] ?? 0),
  );
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024;
}

describe('real files through the real child process', () => {
  let parser: ChildProcessDocumentParser;
  beforeAll(() => {
    parser = new ChildProcessDocumentParser({ workersDir });
  });
  afterAll(() => parser.close());

  /** Parsed, or the code it is refused with, which must be one that says what is wrong with the file. */
  async function outcomeOf(file: string): Promise<string> {
    try {
      const { text, chunks } = await parser.parse({ bytes: await readFile(file), filename: file, chunking });
      expect(chunks.length).toBeGreaterThan(0);
      for (const chunk of chunks) expect(chunk.text).toBe(text.slice(chunk.start, chunk.end));
      return 'parsed';
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      expect(errors[error.code].status, file).toBe(422);
      return error.code;
    }
  }

  async function tableOf(folder: string): Promise<Table> {
    const table: Table = new Map();
    for (const file of await filesIn(folder)) count(table, file, await outcomeOf(file));
    console.log(shown(table));
    expect(await parser.healthy()).toBe(true);
    expect((await parser.parse({ bytes: Buffer.from('fine'), chunking })).text).toBe('fine');
    return table;
  }

  it.skipIf(!multiformat)('each ends parsed or refused: many formats', async () => {
    const table = await tableOf(multiformat ?? '');
    for (const format of [
      '.txt',
      '.md',
      '.html',
      '.pdf',
      '.csv',
      '.json',
      '.jsonl',
      '.xlsx',
      '.adoc',
      '.xml',
      '.svg',
    ])
      expect([...(table.get(format) ?? []).keys()], format).toEqual(['parsed']);
    for (const picture of ['.png', '.jpg', '.jpeg', '.tiff', '.mp3', '.doc', '.ppt', '.xls'])
      expect([...(table.get(picture) ?? []).keys()], picture).toEqual(['unsupported_format']);
    expect(Object.fromEntries(table.get('.docx') ?? [])).toEqual({
      parsed: 16,
      no_text: 2,
      unreadable_document: 1,
    });
  });

  it.skipIf(!pdf)('each ends parsed or refused: awkward PDFs', { timeout: 300_000 }, async () => {
    const row = (await tableOf(pdf ?? '')).get('.pdf') ?? new Map<string, number>();
    // pdftotext finds text in 56 of the 80, and refuses 5.
    expect(row.get('parsed')).toBeGreaterThanOrEqual(56);
    expect(row.get('encrypted_document')).toBe(3);
  });

  it.skipIf(!markdown)('each is parsed: a documentation tree in Markdown', async () => {
    expect(shown(await tableOf(markdown ?? ''))).toBe('.md: 123 parsed');
  });

  it.skipIf(!multiformat || process.platform !== 'linux')('leave no memory behind', async () => {
    const file = join(multiformat ?? '', 'docsum/the_history_of_the_peloponnesian_war_205k_words.txt');
    for (let i = 0; i < 3; i++) expect(await outcomeOf(file)).toBe('parsed');
    expect(await outcomeOf(join(multiformat ?? '', 'istio_peer_auth.yaml'))).toBe('parsed');
    expect(await childrenRssMb()).toBeLessThan(256);
  });

  it.skipIf(!cranfield)('short texts take a few milliseconds each', { timeout: 120_000 }, async () => {
    const lines = (await readFile(cranfield ?? '', 'utf8')).trim().split('\n');
    const texts = lines
      .map((line) => (JSON.parse(line) as { text: string }).text)
      .filter((text) => text.trim() !== '');
    const began = process.cpuUsage();
    const start = performance.now();
    for (const text of texts)
      await parser.parse({ bytes: Buffer.from(text), mediaType: 'text/plain', chunking });
    const wall = (performance.now() - start) / texts.length;
    const { user, system } = process.cpuUsage(began);
    const own = (user + system) / 1000 / texts.length;
    console.log(
      `${texts.length} texts: ${wall.toFixed(2)} ms each, of that ${own.toFixed(2)} ms CPU in this process`,
    );
    expect(own).toBeLessThan(4);
  });
});
