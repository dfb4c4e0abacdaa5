/** The words of a line as they come. The whole is put together once: what it ends with is kept aside. */
export class ShownLine {
  private parts: string[] = [];
  /** The last characters, no more than tell what the next ones stand behind. */
  end = '';

  add(text: string): void {
    this.parts.push(text);
    this.end = (this.end + text).slice(-3);
  }

  /** What has come since the last time. */
  take(): string {
    const text = this.parts.join('');
    [this.parts, this.end] = [[], ''];
    return text;
  }
}
