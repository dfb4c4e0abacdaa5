/** Looks around, groups, classes, escapes, quantifiers, and any other character. */
const token =
  /(?<look>\(\?<?[=!](?:\[(?:\\.|[^\]\\])*\]|\\.|\{\d+(?:,\d*)?\}|[^()[\]\\])*\))|(?<open>\((?:\?:)?)|(?<close>\))|(?<verbatim>\||[*+?]\??|\{\d+(?:,\d*)?\}\??)|\[(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\.|[^]/gu;

/**
 * Matches what the expression does and, at the end of the text, whatever may still become a match: every atom may be
 * missing there. So a match that ends before stays one, however the text goes on, except for what it looks ahead at.
 */
export const partially = ({ source, flags }: RegExp): RegExp =>
  new RegExp(
    source.replace(token, (part, look?: string, open?: string, close?: string, verbatim?: string) => {
      if (look !== undefined || verbatim !== undefined) return part;
      if (open !== undefined) return `(?:${part}`;
      return close === undefined ? `(?:${part}|$)` : ')|$)';
    }),
    flags,
  );
