/** @typedef {import('./tally-reporter.mjs').Tally} Tally */

/**
 * The end of a run: failed and skipped tests by name, one line a suite, and the closing line.
 * @param {{ name: string, tally: Tally, notRun?: string, remarks?: string[] }[]} suites `notRun`: why the suite was not
 *   started; `remarks`: what a reader must know of what it ran on
 */
export function summary(suites) {
  const width = Math.max(...suites.map(({ name }) => name.length));
  return [
    ...named(
      'Failed',
      suites.flatMap(({ tally }) => tally.failed),
    ),
    ...named(
      'Skipped',
      suites.flatMap(({ tally }) => tally.skipped.map(({ name, why }) => `${name} (${why})`)),
    ),
    ...suites.flatMap((suite) => [
      `${suite.name.padEnd(width)}  ${suiteLine(suite)}`,
      ...(suite.remarks ?? []).map((remark) => `${' '.repeat(width)}  ${remark}`),
    ]),
    '',
    closingLine(suites.map(({ tally }) => tally)),
  ].join('\n');
}

const named = (title, names) =>
  names.length === 0 ? [] : [`${title}:`, ...names.map((name) => `  ${name}`), ''];

function suiteLine({ tally: { passed, failed, skipped }, notRun }) {
  if (notRun) return `NOT RUN: ${notRun}`;
  const reasons = [...new Set(skipped.map(({ why }) => why))].join('; ');
  if (passed + failed.length === 0) return `NOT RUN: ${reasons || 'it has no tests that fit the selection'}`;
  return `passed ${passed}, failed ${failed.length}${skipped.length > 0 ? `, skipped ${skipped.length} (${reasons})` : ''}`;
}

/** @param {Tally[]} tallies */
function closingLine(tallies) {
  const count = (of) => tallies.reduce((sum, tally) => sum + of(tally), 0);
  const skipped = count(({ skipped }) => skipped.length);
  const line = `${count(({ passed }) => passed)} passed, ${count(({ failed }) => failed.length)} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}
