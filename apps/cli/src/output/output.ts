import { styleText } from 'node:util';
import { printable, printableInColour } from './printable.ts';
import { ProgressBar, type Progress } from './progress.ts';
import type { TextStream } from './text-stream.ts';

export interface OutputOptions {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  /** The result on stdout is JSON; everything else goes to stderr. */
  readonly json: boolean;
}

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

const widestLine = 100;

/** What a command says: its result on stdout, everything about the way there on stderr. */
export class Output {
  readonly json: boolean;
  private readonly stdout: TextStream;
  private readonly stderr: TextStream;
  private bar: Progress | undefined;

  constructor(options: OutputOptions) {
    ({ json: this.json, stdout: this.stdout, stderr: this.stderr } = options);
  }

  /** True when a person reads the result as it comes. */
  get interactive(): boolean {
    return !this.json && this.stdout.isTTY === true;
  }

  /** Columns to fill. */
  get width(): number {
    return Math.min(this.stdout.columns ?? 80, widestLine);
  }

  /** The whole result: `value` under --json, else `text`. */
  result(value: unknown, text: () => string): void {
    const shown = this.interactive ? printableInColour : printable;
    this.stdout.write(this.json ? `${JSON.stringify(value, null, 2)}\n` : `${shown(text())}\n`);
  }

  /** A piece of a result that comes bit by bit; nothing under --json. */
  piece(text: string): void {
    if (!this.json) this.stdout.write(printable(text));
  }

  /** A line beside the result; a live line makes way for it, and comes back with its next change. */
  note(text: string): void {
    this.bar?.end();
    this.stderr.write(`${printable(text)}\n`);
  }

  progress(total: number): Progress {
    return (this.bar = new ProgressBar(this.stderr, total));
  }

  /** Colours only where a terminal shows them; `NO_COLOR` is honoured by Node itself. */
  style(style: Style, text: string): string {
    const clean = printable(text);
    return this.interactive ? styleText(style, clean) : clean;
  }
}
