import { joinedRuns, type Run, type Script } from '../powers.ts';
import { unescaped } from './escaped-text.ts';
import { scriptNamed } from './rich-text.ts';
import type { XmlEvents } from './xml.ts';

/** Collects the strings of a sheet, which may have runs; phonetic guides left out. */
export class StringReader {
  private runs: Run[] = [];
  private script: Script | undefined;
  private inText = false;
  private inPhonetic = false;

  readonly events: Required<XmlEvents> = {
    open: (name, attributes) => {
      if (name === 'r') this.script = undefined;
      if (name === 'vertAlign') this.script = scriptNamed(attributes['val']);
      if (name === 't') this.inText = true;
      if (name === 'rPh') this.inPhonetic = true;
    },
    text: (text) => {
      if (this.inText && !this.inPhonetic) this.runs.push({ text, script: this.script });
    },
    close: (name) => {
      if (name === 't') this.inText = false;
      if (name === 'rPh') this.inPhonetic = false;
    },
  };

  /** What has come since the last time. */
  take(): string {
    const text = unescaped(joinedRuns(this.runs));
    [this.runs, this.script] = [[], undefined];
    return text;
  }
}
