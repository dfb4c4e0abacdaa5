import { describe, expect, it } from 'vitest';
import { inColumns } from './columns.ts';
import { lineOf, type Line } from './pdf-lines.ts';

/** Text beside text, each from its x, five points to a character. */
const line = (y: number, ...texts: readonly (readonly [x: number, text: string])[]): Line =>
  lineOf(
    texts.map(([x, text]) => ({ text, x, right: x + text.length * 5 })),
    y,
    10,
  );
const textsOf = (lines: readonly Line[]): string[] => lines.map(({ text }) => text);

const wheat = [
  'A mill turns wheat into flour,',
  'which is what bakers wait for',
  'before the sun is up and the',
  'first of them have lit a fire',
  'under ovens that were built by',
  'their fathers. They pay little.',
];
const river = [
  'The river has its own mind and',
  'rises in spring, when the snow',
  'melts and no wheel can take its',
  'weight. Then the miller opens a',
  'gate and lets it go by, whatever',
  'he would have ground that day.',
];
const stone = river.map((text) => text.replaceAll('r', 'st'));
const across = (y: number): Line =>
  line(y, [50, 'What stands over or under both columns, from the left to the right.']);
const sideBySide = (...columns: readonly (readonly string[])[]): Line[] =>
  wheat.map((_, i) =>
    line(600 - i * 12, ...columns.map((texts, at) => [50 + at * 200, texts[i] ?? ''] as const)),
  );

describe('columns', () => {
  it('that are drawn line by line come one after another, between what goes across', () => {
    const lines = [across(700), ...sideBySide(wheat, river), across(400)];
    expect(textsOf(inColumns(lines))).toEqual([across(0).text, ...wheat, ...river, across(0).text]);
  });

  it('come one after another though their lines are not at one height', () => {
    const lines = wheat.flatMap((text, i) => [
      line(600 - i * 12, [50, text]),
      line(593 - i * 12, [250, river[i] ?? '']),
    ]);
    expect(textsOf(inColumns(lines))).toEqual([...wheat, ...river]);
  });

  it('come from the left, whichever the file draws first', () => {
    const lines = wheat.map((text, i) => line(600 - i * 14, [250, river[i] ?? ''], [50, text]));
    expect(textsOf(inColumns(lines))).toEqual([...wheat, ...river]);
  });

  it('of which there are three come one after another', () => {
    expect(textsOf(inColumns(sideBySide(wheat, river, stone)))).toEqual([...wheat, ...river, ...stone]);
  });

  it('leave a head far above them alone', () => {
    const head = line(700, [50, 'The Mill Review'], [400, '17']);
    expect(textsOf(inColumns([head, ...sideBySide(wheat, river)]))[0]).toBe('The Mill Review 17');
  });

  it('that are drawn one after another stay as they are', () => {
    const column = (texts: readonly string[], x: number): Line[] =>
      texts.map((text, i) => line(600 - i * 12, [x, text]));
    const lines = [...column(river, 250), ...column(wheat, 50)];
    expect(inColumns(lines)).toEqual(lines);
  });

  it.each([
    ['of numbers', wheat.map((_, i) => [`Row ${i}`, `${i * 7}.50`, `${i}`])],
    ['of names and what they mean', wheat.map((text, i) => [`Name ${i}`, text])],
    [
      'of sentences',
      wheat.map((text, i) => [
        `Question ${i}: ${text.slice(0, 18)}?`,
        `Answer ${i}: ${river[i]?.slice(0, 20) ?? ''}.`,
      ]),
    ],
    ['of small words', wheat.map(() => ['yes', 'no'])],
  ])('do not make columns of a table %s: its rows stay', (_, rows) => {
    const lines = rows.map((cells, i) =>
      line(600 - i * 12, ...cells.map((text, at) => [50 + at * 200, text] as const)),
    );
    expect(inColumns(lines)).toEqual(lines);
  });

  it('are not made of a table whose cells are drawn one by one, however long they are', () => {
    const words = [...wheat, ...river];
    const cell = (row: number, x: number): Line[] =>
      [0, 1].map((i) => line(600 - (row * 2 + i) * 12, [x, words[row * 2 + i] ?? '']));
    const lines = [0, 1, 2, 3, 4, 5].flatMap((row) => [...cell(row, 50), ...cell(row, 250)]);
    expect(inColumns(lines)).toEqual(lines);
  });

  it('are not seen in text of one column with wide gaps here and there', () => {
    const lines = [...wheat, ...river].map((text, i) =>
      i % 5 === 0
        ? line(600 - i * 12, [50, text], [250 + i, 'and on'])
        : line(600 - i * 12, [50, `${text} and ${text}`]),
    );
    expect(inColumns(lines)).toEqual(lines);
  });
});
