import { charsBefore, isDegree } from '../powers.ts';

/** The words of a line as they come. The whole is put together once: what it ends with is kept aside. */
export class ShownLine {
  private parts: string[] = [];
  /** The last characters, no more than tell what the next ones stand behind. */
  end = '';

  add(text: string): void {
    if (text === '') return;
    const last = this.parts.at(-1) ?? '';
    if (isDegree(this.end.slice(0, -1), last, text)) this.parts.splice(-1, 1, '°');
    this.parts.push(text);
    this.end = (this.end + text).slice(-charsBefore);
  }

  /** What has come since the last time. */
  take(): string {
    const text = this.parts.join('');
    [this.parts, this.end] = [[], ''];
    return text;
  }
}
