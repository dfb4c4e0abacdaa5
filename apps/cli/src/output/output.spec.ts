import { describe, expect, it } from 'vitest';
import { Output } from './output.ts';
import { count, excerpt, printable } from './printable.ts';
import { ProgressBar } from './progress.ts';
import { table } from './table.ts';
import type { TextStream } from './text-stream.ts';

class Lines implements TextStream {
  text = '';
  constructor(
    readonly isTTY = false,
    readonly columns = 80,
  ) {}
  write(text: string): void {
    this.text += text;
  }
}

const streams = (json: boolean) => {
  const stdout = new Lines();
  const stderr = new Lines();
  return { stdout, stderr, output: new Output({ stdout, stderr, json }) };
};

describe('output', () => {
  it('keeps stdout for the result: JSON when asked for', () => {
    const { stdout, stderr, output } = streams(true);
    output.piece('Once');
    output.note('beside it');
    output.result({ a: 1 }, () => 'a is 1');
    expect(JSON.parse(stdout.text)).toEqual({ a: 1 });
    expect(stderr.text).toBe('beside it\n');
  });

  it('has no colours where no terminal is', () => {
    const { output } = streams(false);
    expect(output.style('red', 'x')).toBe('x');
  });

  it('never lets text from elsewhere steer the terminal', () => {
    const { stdout, output } = streams(false);
    output.piece('a\x1b]0;title\x07\x9b31m\u202eb\tc\n');
    expect(stdout.text).toBe('a]0;title31mb\tc\n');
    expect(printable('größe 🌾')).toBe('größe 🌾');
  });

  it('keeps its own colours and nothing else of what could steer, in names and reasons too', () => {
    const id = 'invoice\u202efdp.exe\x1b[2J';
    const plain = streams(false);
    plain.output.result({}, () => table(['id', 'state'], [[id, 'indexed']]));
    expect(plain.stdout.text).toBe('id                 state\ninvoicefdp.exe[2J  indexed\n');
    const stdout = new Lines(true);
    const output = new Output({ stdout, stderr: new Lines(), json: false });
    output.result({}, () => `\x1b[1m${id}\x1b[22m \u2067is erased`);
    expect(stdout.text).toBe('\x1b[1minvoicefdp.exe[2J\x1b[22m is erased\n');
  });
});

describe('a table', () => {
  it('stands texts left and numbers right', () => {
    expect(
      table(
        ['n', 'state', 'why'],
        [
          [7, 'indexed', ''],
          [120, 'dead', 'it broke'],
        ],
      ),
    ).toBe(['  n  state    why', '  7  indexed', '120  dead     it broke'].join('\n'));
  });
});

describe('an excerpt', () => {
  it('is one line and ends at a word', () => {
    expect(excerpt('one\n\n two   three four', 12)).toBe('one two …');
    expect(excerpt('short', 12)).toBe('short');
    expect(excerpt('x'.repeat(20), 5)).toBe('xxxxx …');
  });
});

describe('progress', () => {
  it('rewrites one line on a terminal', () => {
    const stream = new Lines(true, 60);
    const bar = new ProgressBar(stream, 4);
    bar.update(1, 'indexed 1');
    bar.update(4, 'indexed 4');
    bar.end();
    expect(stream.text).toBe(
      `\r\x1b[2K[######------------------] 1/4 indexed 1\r\x1b[2K[########################] 4/4 indexed 4\r\x1b[2K`,
    );
  });

  it('makes way for what is said beside it', () => {
    const stderr = new Lines(true, 60);
    const output = new Output({ stdout: new Lines(), stderr, json: false });
    output.progress(2).update(1, 'indexed 1');
    output.note('waiting');
    expect(stderr.text).toContain('1/2 indexed 1\r\x1b[2Kwaiting\n');
  });

  it('says a line now and then elsewhere', () => {
    const stream = new Lines();
    let now = 0;
    const bar = new ProgressBar(stream, 900, () => now);
    for (let done = 1; done <= 900; done++) {
      now += 10;
      bar.update(done, 'on the way');
    }
    expect(stream.text).toBe('500/900 on the way\n');
  });
});

describe('a count', () => {
  it('agrees with its noun', () => {
    expect([count(0, 'file'), count(1, 'file'), count(2, 'file')]).toEqual(['0 files', '1 file', '2 files']);
  });
});
