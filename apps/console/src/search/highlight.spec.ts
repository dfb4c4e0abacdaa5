import { describe, expect, it } from 'vitest';
import { highlight } from './highlight.ts';

const marked = (text: string, query: string) =>
  highlight(text, query)
    .map(({ text, hit }) => (hit ? `<${text}>` : text))
    .join('');

describe('words of the query', () => {
  it('are marked whatever their case and ending', () => {
    expect(marked('Rotating keys: rotate the Key, monkeys stay.', 'rotate keys')).toBe(
      '<Rotating> <keys>: <rotate> the <Key>, monkeys stay.',
    );
  });

  it('are whole words in any script, and common short ones are left alone', () => {
    expect(marked('Größe of it', 'größe of IT')).toBe('<Größe> of it');
    expect(marked('no change', '')).toBe('no change');
  });

  it('leave the text as it was', () => {
    const text = 'a keys <b> & keys\n';
    expect(
      highlight(text, 'keys')
        .map((run) => run.text)
        .join(''),
    ).toBe(text);
  });
});
