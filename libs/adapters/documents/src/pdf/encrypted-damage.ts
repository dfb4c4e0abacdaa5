/** What pdf.js says of content that is not as it was written. */
const ofDamage =
  /^Warning: (?:getTextContent - ignoring errors during|Unknown command "|Skipping command [^:]*: expected )/;

/** Counts what pdf.js says of damage; it says that on the console alone. */
export class DamageListener {
  /** pdf.js says nothing below this. */
  readonly verbosity = 1;
  count = 0;
  private readonly warn = console.warn;

  constructor() {
    console.warn = (...said: unknown[]) => {
      const [text] = said;
      if (typeof text !== 'string' || !text.startsWith('Warning: ')) this.warn(...said);
      else if (ofDamage.test(text)) this.count++;
    };
  }

  end(): void {
    console.warn = this.warn;
  }
}
