import { describe, expect, it } from 'vitest';
import { piecesOf } from './passage-pieces.ts';

const shown = (text: string, header?: string) => [...piecesOf(text, header)].map((piece) => piece.shown);

describe('the pieces of a passage', () => {
  it('know their places', () => {
    const text = '> **Notice:**\n> **It may not be so.**\n>\n> For example:\n> ```sh\n> run --it\n> ```\n';
    const pieces = [...piecesOf(text)].map(({ start, end }) => text.slice(start, end));
    expect(pieces.slice(-3)).toEqual([
      expect.stringContaining('**It may not be so.**'),
      'For example:',
      'run --it',
    ]);
  });

  it('are rows with the names of their columns', () => {
    const rows = '| v1 | old |\n| v2 | |\n';
    const named = ['Version: v1; State: old', 'Version: v2'];
    expect(shown(`Of versions:\n\n| Version | State |\n| --- | :-: |\n${rows}`)).toEqual([
      'Of versions:',
      ...named,
    ]);
    expect(shown(rows, 'Version | State')).toEqual(named);
    expect(shown('Name: Ann; Age: 31\nName: Bob; Age: 22')).toEqual([
      'Name: Ann; Age: 31',
      'Name: Bob; Age: 22',
    ]);
  });
});
