import type { TopicReport } from '@millrace/composition';

/** One line a topic, and below it what is not as declared. */
export function reportText(reports: readonly TopicReport[]): string {
  const width = Math.max(...reports.map(({ state }) => state.length));
  return reports
    .flatMap(({ name, state, differences }) => [
      `${state.padEnd(width)}  ${name}`,
      ...differences.map(
        ({ what, wanted, actual }) =>
          `${' '.repeat(width)}  ${what} ${state === 'changed' ? 'was' : 'is'} ${actual}, declared ${wanted}`,
      ),
    ])
    .join('\n');
}

/** Nothing is missing, and nothing differs that was not changed just now. */
export const isSettled = (reports: readonly TopicReport[]): boolean =>
  reports.every(({ state }) => state !== 'missing' && state !== 'differs');
