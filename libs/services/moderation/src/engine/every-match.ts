/**
 * The matches of an expression with the flag `g`, from an index on. Where it goes on is kept here and not in the
 * expression: texts are moderated in turns, and others use the same one in between.
 */
export function* everyMatch(expression: RegExp, text: string, from: number): Generator<RegExpExecArray> {
  for (let at = from; ;) {
    expression.lastIndex = at;
    const match = expression.exec(text);
    if (!match) return;
    at = expression.lastIndex;
    yield match;
  }
}
