import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTokenizer } from '../tokenizer.ts';
import type { Block, BlockKind } from './block.ts';
import { chunkText, type TextChunk } from './chunker.ts';
import { embeddingText } from './context.ts';

let count: (text: string) => number;
beforeAll(async () => {
  const tokenizer = await loadTokenizer();
  count = (text) => tokenizer.count(text);
});

type Piece = Pick<Block, 'kind' | 'level' | 'page' | 'label'> & { readonly text: string };
const heading = (level: number, text: string): Piece => ({ kind: 'heading', level, text, label: text });
const paragraph = (text: string, page?: number): Piece => ({ kind: 'paragraph', text, page });
const table = (text: string): Piece => ({ kind: 'table', text, label: text.split('\n')[0] });
const words = (n: number, word = 'mill'): string => Array.from({ length: n }, () => word).join(' ');

function layOut(pieces: readonly Piece[], gap = '\n\n'): { text: string; blocks: Block[] } {
  let text = '';
  const blocks = pieces.map(({ text: own, ...rest }) => {
    const start = text.length;
    text += own + gap;
    return { ...rest, start, end: start + own.length };
  });
  return { text, blocks };
}

const cut = (pieces: readonly Piece[], maxTokens = 64, maxChunks?: number): TextChunk[] => {
  const { text, blocks } = layOut(pieces);
  return chunkText(text, blocks, { maxTokens, maxChunks, count });
};
const texts = (chunks: readonly TextChunk[]): string[] => chunks.map(({ text }) => text);

describe('chunking', () => {
  it.each(['\u200b', '\u00ad', '\u3164', '\u202e', '#', '* * *', '—', '\u00a0.'])(
    'makes no chunk of %j, which says nothing',
    (text) => {
      expect(cut([paragraph(text)])).toEqual([]);
    },
  );

  it.each(['1', '字', '€', '🌾', 'x\u200b'])('makes a chunk of %j', (text) => {
    expect(texts(cut([paragraph(text)]))).toEqual([text]);
  });

  it('packs paragraphs of a section up to the limit', () => {
    const chunks = cut([paragraph(words(20)), paragraph(words(20)), paragraph(words(40))]);
    expect(texts(chunks)).toEqual([`${words(20)}\n\n${words(20)}`, words(40)]);
    expect(chunks.map(({ tokens }) => tokens)).toEqual([40, 40]);
  });

  it('keeps the headings above a chunk with it, outermost first', () => {
    const chunks = cut([
      heading(1, 'Guide'),
      paragraph(words(40)),
      heading(2, 'Wheel'),
      paragraph(words(40)),
      paragraph(words(50)),
      heading(1, 'Index'),
      paragraph(words(40)),
    ]);
    expect(chunks.map(({ text, headings }) => [text.split('\n')[0]?.slice(0, 9), headings])).toEqual([
      ['Guide', []],
      ['Wheel', ['Guide']],
      ['mill mill', ['Guide', 'Wheel']],
      ['Index', []],
    ]);
  });

  it('never packs across a higher heading, however little there is', () => {
    const chunks = cut([
      heading(2, 'Low'),
      paragraph('one'),
      heading(1, 'High'),
      paragraph('two'),
      heading(3, 'Deep'),
      paragraph('three'),
    ]);
    expect(texts(chunks)).toEqual(['Low\n\none', 'High\n\ntwo\n\nDeep\n\nthree']);
  });

  it('gives a section of its own chunk unless it is tiny', () => {
    const section = (name: string, n: number): Piece[] => [heading(2, name), paragraph(words(n))];
    const chunks = cut([...section('A', 12), ...section('B', 12), ...section('C', 2), ...section('D', 12)]);
    expect(texts(chunks).map((text) => text.match(/[A-D]/g)?.join(''))).toEqual(['A', 'B', 'CD']);
  });

  it('never ends a chunk with a heading whose text is yet to come', () => {
    const rows = ['k | v', ...Array.from({ length: 10 }, (_, i) => `${i} | ${words(3)}`)].join('\n');
    for (const body of [paragraph(words(60)), table(rows), paragraph(`${words(30)}. ${words(31)}.`)]) {
      const chunks = cut([paragraph(words(10)), heading(3, 'Wheel'), body]);
      for (const { text } of chunks) expect(text).not.toMatch(/Wheel$/);
    }
  });

  it('keeps a table whole when it fits', () => {
    const rows = ['name | size', ...'abcdefghijkl'].join(' | 1\n');
    const chunks = cut([paragraph(words(30)), table(rows), paragraph(words(60))]);
    expect(texts(chunks)[1]?.startsWith(rows)).toBe(true);
  });

  it('cuts a long table at rows and gives later parts the header row as last heading', () => {
    const rows = ['name | size', ...Array.from({ length: 40 }, (_, i) => `wheel ${i} | ${i}`)];
    const chunks = cut([heading(1, 'Wheels'), table(rows.join('\n'))]);
    expect(chunks.length).toBeGreaterThan(2);
    expect(texts(chunks).join('\n').split('\n')).toEqual(['Wheels', '', ...rows]);
    expect(chunks.map(({ headings }) => headings)).toEqual([
      [],
      ...chunks.slice(1).map(() => ['Wheels', 'name | size']),
    ]);
  });

  it('cuts a long paragraph between sentences', () => {
    const sentence = (n: number): string => `The wheel number ${n} turns the stone below it.`;
    const all = Array.from({ length: 20 }, (_, n) => sentence(n));
    const chunks = cut([paragraph(all.join(' '))]);
    expect(chunks.length).toBeGreaterThan(2);
    expect(texts(chunks).join(' ')).toBe(all.join(' '));
    for (const { text } of chunks) expect(text).toMatch(/^The .*\.$/s);
  });

  it('refills a tiny last piece from the chunk before it', () => {
    const chunks = cut([...Array.from({ length: 6 }, () => paragraph(words(10))), paragraph(words(3))]);
    expect(chunks.map(({ tokens }) => tokens)).toEqual([50, 13]);
  });

  it('drops outer headings, then all, when they would crowd out the text', () => {
    const headings = ['one', 'two', 'three'].map((name, i) => heading(i + 1, words(12, name)));
    const long = [heading(1, words(200)), paragraph(words(50)), paragraph(words(50))];
    expect(cut([...headings, paragraph(words(50)), paragraph(words(50))]).at(-1)?.headings).toHaveLength(2);
    expect(cut(long).at(-1)?.headings).toEqual([]);
  });

  it('leaves out what lies between blocks', () => {
    const text = 'shown <!-- hidden --> shown too';
    const blocks: Block[] = [
      { kind: 'paragraph', start: 0, end: 5 },
      { kind: 'paragraph', start: 22, end: 31 },
    ];
    expect(texts(chunkText(text, blocks, { count }))).toEqual(['shown', 'shown too']);
  });

  it('keeps what stands between two chunks, where that says nothing and is not long', () => {
    const gaps = (between: string): (string | undefined)[] => {
      const text = `${words(40)}${between}${words(40)}`;
      const from = text.length - words(40).length;
      const blocks: Block[] = [
        { kind: 'paragraph', start: 0, end: words(40).length },
        { kind: 'paragraph', start: from, end: text.length },
      ];
      return chunkText(text, blocks, { maxTokens: 64, count }).map(({ gap }) => gap);
    };
    expect(gaps('\n\n')).toEqual([undefined, '\n\n']);
    expect(gaps('\n\n* * *\n\n')).toEqual([undefined, '\n\n* * *\n\n']);
    expect(gaps('\n<!-- hidden -->\n')).toEqual([undefined, undefined]);
    expect(gaps('\n'.repeat(257))).toEqual([undefined, undefined]);
  });

  it('joins to the text that was cut, chunk by chunk with what stands between them', () => {
    const pieces = [
      heading(1, 'Guide'),
      ...Array.from({ length: 9 }, (_, n) => paragraph(words(10 + 9 * n))),
    ];
    const { text, blocks } = layOut(pieces);
    const chunks = chunkText(text, blocks, { maxTokens: 64, count });
    expect(chunks.length).toBeGreaterThan(5);
    expect(chunks.map(({ gap = '', text: own }) => gap + own).join('')).toBe(text.trimEnd());
  });

  it('gives the page that a chunk begins on', () => {
    const chunks = cut([paragraph(words(40), 1), paragraph(words(40), 2), paragraph(words(10), 3)]);
    expect(chunks.map(({ page }) => page)).toEqual([1, 2]);
  });

  it('refuses more chunks than the limit', () => {
    const pieces = Array.from({ length: 4 }, () => paragraph(words(50)));
    expect(cut(pieces, 64, 4)).toHaveLength(4);
    expect(() => cut(pieces, 64, 3)).toThrow(expect.objectContaining({ code: 'too_many_chunks' }) as Error);
  });

  it.each([
    ['one word', 'x'.repeat(1_000_000)],
    ['short words', 'mill '.repeat(200_000)],
    ['no white space but punctuation', 'mill-'.repeat(200_000)],
    ['no sentence ends, Chinese', '水车转动'.repeat(250_000)],
    ['emoji', '👩‍👩‍👧‍👦'.repeat(90_000)],
    ['one grapheme', `e${'\u0301'.repeat(999_999)}`],
    ['blanks', `a${' '.repeat(999_998)}b`],
  ])('takes a line of a million characters in its stride: %s', { timeout: 30_000 }, (_, line) => {
    const started = performance.now();
    const chunks = cut([paragraph(line)], 256);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(texts(chunks).join('').replace(/\s/g, '')).toBe(line.replace(/\s/g, ''));
    for (const { text, tokens } of chunks) {
      expect(tokens).toBeLessThanOrEqual(254);
      expect(text.length).toBeLessThanOrEqual(4096);
      expect(text.isWellFormed()).toBe(true);
    }
  });

  it('does not look at a header row of a megabyte for each part of its table', { timeout: 30_000 }, () => {
    const header = 'name | '.repeat(150_000);
    const rows = `${header}\n${'1 | 2 | 3\n'.repeat(20_000)}`;
    const started = performance.now();
    const chunks = cut([table(rows)], 256);
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(chunks.every(({ headings }) => headings.length === 0)).toBe(true);
  });

  it('cuts emoji families between people, not inside', () => {
    const family = '👩‍👩‍👧‍👦';
    for (const { text } of cut([paragraph(family.repeat(500))], 64))
      expect(text.length % family.length).toBe(0);
  });
});

describe('any document', () => {
  const kind = fc.constantFrom<BlockKind>('heading', 'paragraph', 'list', 'table', 'code');
  const word = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom('mill', 'wheel.', 'Stone', 'x=1;', '水车。', '\n', '|', 'naïve'),
    },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 400 }) },
  );
  const piece = fc.record({
    kind,
    level: fc.integer({ min: 1, max: 4 }),
    text: fc
      .tuple(fc.array(word, { maxLength: 60 }), fc.constantFrom(' ', '', '\n'))
      .map(([all, by]) => all.join(by)),
  });
  const documents = fc.tuple(fc.array(piece, { maxLength: 12 }), fc.constantFrom(16, 64, 256));
  const withLabels = (pieces: readonly Piece[]): Piece[] =>
    pieces.map((each) => ({ ...each, label: each.text.split('\n')[0] }));

  const saying = /(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{N}\p{S}]/u;

  it('is cut into slices of itself that are in order, not blank, within the limit, and leave nothing out that says something', () => {
    fc.assert(
      fc.property(documents, ([pieces, maxTokens]) => {
        const { text, blocks } = layOut(withLabels(pieces));
        const chunks = chunkText(text, blocks, { maxTokens, count });
        let end = 0;
        for (const [ordinal, chunk] of chunks.entries()) {
          expect(chunk.ordinal).toBe(ordinal);
          expect(chunk.text).toBe(text.slice(chunk.start, chunk.end));
          expect(chunk.text).toMatch(saying);
          expect(text.slice(end, chunk.start)).not.toMatch(saying);
          expect(chunk.tokens).toBe(count(chunk.text));
          if (chunk.text.length > 2) expect(count(embeddingText(chunk)) + 2).toBeLessThanOrEqual(maxTokens);
          end = chunk.end;
        }
        expect(text.slice(end)).not.toMatch(saying);
      }),
      { numRuns: 500 },
    );
  });

  it('is never cut inside a surrogate pair', () => {
    const astral = fc.array(fc.constantFrom('😀', '𝒜', 'a', '\u0301', ' '), { maxLength: 300 });
    fc.assert(
      fc.property(astral, (signs) => {
        for (const { text } of cut([paragraph(signs.join(''))], 16)) expect(text.isWellFormed()).toBe(true);
      }),
    );
  });
});
