import { writeFileSync } from 'node:fs';

/**
 * What became of one suite, counted test by test. A file that could not be loaded and an error outside of any test
 * are failures too.
 * @typedef {{ passed: number, failed: string[], skipped: { name: string, why: string }[] }} Tally
 */

/** A vitest reporter that writes the tally of a run as JSON to the file that MILLRACE_TALLY names. */
export default class TallyReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly { message?: string }[]} unhandled
   */
  onTestRunEnd(modules, unhandled) {
    writeFileSync(process.env.MILLRACE_TALLY ?? 'tally.json', JSON.stringify(tally(modules, unhandled)));
  }
}

/** @returns {Tally} */
export function tally(modules, unhandled) {
  const tests = modules.flatMap((module) =>
    [...module.children.allTests()].map((test) => ({
      name: `${module.relativeModuleId} > ${test.fullName}`,
      result: test.result(),
    })),
  );
  const broken = modules.flatMap((module) => [
    ...module.errors().map(({ message }) => `${module.relativeModuleId}: ${firstLine(message)}`),
    ...[...module.children.allSuites()].flatMap((suite) =>
      suite
        .errors()
        .map(({ message }) => `${module.relativeModuleId} > ${suite.fullName}: ${firstLine(message)}`),
    ),
  ]);
  return {
    passed: tests.filter(({ result }) => result.state === 'passed').length,
    failed: [
      ...tests.filter(({ result }) => result.state === 'failed').map(({ name }) => name),
      ...broken,
      ...unhandled.map(({ message }) => `outside of any test: ${firstLine(message)}`),
    ],
    skipped: tests
      .filter(({ result }) => result.state !== 'passed' && result.state !== 'failed')
      .map(({ name, result }) => ({ name, why: result.note ?? 'switched off in its file' })),
  };
}

const firstLine = (text = 'unknown error') => text.split('\n')[0];
