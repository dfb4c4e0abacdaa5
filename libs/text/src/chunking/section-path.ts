/** Where in the tree of headings the reader stands. */
export class SectionPath {
  private readonly open: { readonly level: number; readonly label: string }[] = [];

  /** Leaves every section that a heading of this level ends. */
  leave(level: number): void {
    while (this.level >= level) this.open.pop();
  }

  enter(level: number, label: string): void {
    this.open.push({ level, label });
  }

  /** Level of the innermost heading; 0 before any. */
  get level(): number {
    return this.open.at(-1)?.level ?? 0;
  }

  /** Outermost first. */
  get labels(): string[] {
    return this.open.map(({ label }) => label).filter((label) => label !== '');
  }
}
