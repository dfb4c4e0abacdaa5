import { describe, expect, it } from 'vitest';
import { judge } from './run-suites.mjs';
import { summary } from './summary.mjs';

const clean = { passed: 3, failed: [], skipped: [] };
const lastLine = (text: string) => text.split('\n').at(-1);

describe('summary', () => {
  it('has one line a suite and closes with the counts', () => {
    const text = summary([
      { name: 'unit', tally: clean },
      { name: 'medium', tally: { passed: 1, failed: ['a > b'], skipped: [] } },
    ]);
    expect(text).toContain('unit    passed 3, failed 0\n');
    expect(text).toContain('medium  passed 1, failed 1\n');
    expect(text).toContain('Failed:\n  a > b\n');
    expect(lastLine(text)).toBe('4 passed, 1 failed');
  });

  it('counts and names skipped tests with their reason', () => {
    const tally = { passed: 1, failed: [], skipped: [{ name: 'x > y', why: 'needs a model' }] };
    const text = summary([{ name: 'medium', tally }]);
    expect(text).toContain('medium  passed 1, failed 0, skipped 1 (needs a model)');
    expect(text).toContain('  x > y (needs a model)');
    expect(lastLine(text)).toBe('1 passed, 0 failed, 1 skipped');
  });

  it('says under a suite what it ran on', () => {
    const text = summary([{ name: 'engines', tally: clean, remarks: ['NOT RUN on kafka: no Java'] }]);
    expect(text).toContain('engines  passed 3, failed 0\n         NOT RUN on kafka: no Java\n');
  });

  it('says that a suite was not run, and why', () => {
    const skipped = [{ name: 'chat', why: 'no Chromium: apt-get install chromium' }];
    const nothing = { passed: 0, failed: [], skipped: [] };
    const text = summary([
      { name: 'e2e', tally: nothing, notRun: 'no models' },
      { name: 'console', tally: { ...nothing, skipped } },
    ]);
    expect(text).toContain('e2e      NOT RUN: no models');
    expect(text).toContain('console  NOT RUN: no Chromium: apt-get install chromium');
  });
});

describe('judge', () => {
  it('takes a run that ended badly as failed, whatever its tests say', () => {
    expect(judge(1, null).failed).toHaveLength(1);
    expect(judge(1, clean).failed).toHaveLength(1);
    expect(judge(137, { ...clean, failed: ['a'] }).failed).toEqual(['a']);
  });

  it('takes a good run as it is', () => {
    expect(judge(0, clean)).toEqual(clean);
  });
});
