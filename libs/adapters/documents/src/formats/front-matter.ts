/**
 * `+++` (TOML) or `---` (YAML) at the very start, directly under it lines that are nothing but settings: of them the
 * title alone is of interest. Anything else between two such lines is text between two rules.
 */
export function frontMatter(text: string): { length: number; title?: string | undefined } {
  const found = /^(\+\+\+|---)[ \t]*\r?\n([^]*?)\r?\n\1[ \t]*(?:\r?\n|$)/.exec(text);
  if (!found || !isSettings(found[2] ?? '', found[1] === '---' ? yaml : toml)) return { length: 0 };
  const value = /^title[ \t]*[:=](.*)$/m.exec(found[2] ?? '')?.[1]?.trim();
  return { length: found[0].length, title: value?.replace(/^(["'])(.*)\1$/, '$2') };
}

interface Grammar {
  /** A setting by its name. */
  readonly first: RegExp;
  /** What may follow it: blank, indented, a closing bracket, a comment (`##` is a heading, rather). */
  readonly others: RegExp;
}

const word = String.raw`[\p{L}\p{N}_][\p{L}\p{N}_.-]*`;
const key = String.raw`(?:${word}(?: ${word}){0,2}|"[^"]*"|'[^']*')`;
const others = String.raw`\s*$|[ \t]|[\]}],?\s*$|#(?!#)`;
const yaml: Grammar = {
  first: new RegExp(String.raw`^${key}:(?:\s|$)`, 'u'),
  others: new RegExp(String.raw`^(?:${others}|-[ \t])`, 'u'),
};
const toml: Grammar = {
  first: new RegExp(String.raw`^(?:${key}\s*=|\[.*\]\s*$)`, 'u'),
  others: new RegExp(String.raw`^(?:${others}|["'])`, 'u'),
};

/** A setting stands first, and behind each blank line, unless what is indented goes on; comments may stand above it. */
const isSettings = (matter: string, { first, others }: Grammar): boolean =>
  matter.split(/\n\s*\n/).every((part, at) => {
    const lines = part.split(/\r?\n/);
    const start = lines.find((line) => !line.startsWith('#')) ?? '';
    const isStart = first.test(start) || (at > 0 && /^[ \t]/.test(start));
    return isStart && lines.every((line) => first.test(line) || others.test(line));
  });
