import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Case, Measurement } from './measurement.ts';
import { rounded } from './statistics.ts';

/** The JSON that `--json` writes. */
export const report = ({ name }: Measurement, cases: readonly Case[]) => ({
  name,
  commit: commit(),
  at: new Date().toISOString(),
  machine: {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memory_gb: rounded(totalmem() / 2 ** 30),
    node: process.version,
  },
  cases,
});

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=12'], {
      encoding: 'utf8',
    }).trim();
  } catch {
    return 'unknown';
  }
}

/** One line a case, for people. */
export function lines(cases: readonly Case[]): string[] {
  const width = Math.max(...cases.map((one) => one.case.length));
  return cases.map((one) => `${mark(one)} ${one.case.padEnd(width)}  ${figures(one).join(', ')}`);
}

const mark = ({ goal, holds }: Case): string => (goal === undefined ? ' ' : holds ? '✓' : '✗');

function figures({
  value,
  unit,
  n,
  p50,
  p95,
  p99,
  low,
  high,
  peer,
  peer_value,
  ratio,
  goal,
}: Case): string[] {
  const spread = p50 === undefined ? undefined : [p50, p95, p99].map((at) => rounded(at ?? NaN)).join(' / ');
  return [
    `${rounded(value)} ${unit}`,
    spread && `p50 / p95 / p99 ${spread}`,
    low !== undefined && high !== undefined && `95 % interval ${rounded(low)} to ${rounded(high)}`,
    peer && `${peer} ${rounded(peer_value ?? NaN)}`,
    ratio !== undefined && `ratio ${rounded(ratio)}`,
    goal && `goal ${goal}`,
    `n ${n}`,
  ].filter((part): part is string => typeof part === 'string');
}
