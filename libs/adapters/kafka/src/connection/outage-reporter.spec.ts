import { MillraceError } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { OutageReporter } from './outage-reporter.ts';

const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

function setting() {
  let now = 0;
  const lines: string[] = [];
  const onError = (error: unknown) => lines.push((error as MillraceError).code);
  const outages = new OutageReporter({ onError, onWarning: (text) => lines.push(text) }, () => now);
  return { outages, lines, after: (ms: number) => (now += ms) };
}

describe('OutageReporter', () => {
  it('has one line for an outage and one for its end, however many notice', () => {
    const { outages, lines, after } = setting();
    for (let n = 0; n < 100; n++) outages.failed(refused);
    after(12_000);
    for (let n = 0; n < 100; n++) outages.answered();
    expect(lines).toEqual(['dependency_unavailable', 'Kafka answers again after 12 s']);
  });

  it('does not flood when Kafka comes and goes', () => {
    const { outages, lines, after } = setting();
    for (let n = 0; n < 59; n++) {
      outages.failed(refused);
      after(500);
      outages.answered();
      after(500);
    }
    expect(lines).toHaveLength(4);
  });

  it('tells of every failure in the background that is no outage', () => {
    const { outages, lines } = setting();
    outages.failed(new TypeError('a fault'));
    outages.failed(new TypeError('a fault'));
    outages.refused(new MillraceError('shutting_down'));
    expect(lines).toEqual(['internal', 'internal']);
  });
});
