import { hear, type HeardAnswer } from './heard-answer.ts';
import type { LeakCase } from './leak-case.ts';
import type { LeakRun } from './leak-runs.ts';
import type { ProvenMillrace } from './proven-millrace.ts';
import type { RecordingEventLog } from './recording-event-log.ts';

export interface LeakProof {
  readonly runs: number;
  /** Bytes that left and must not have. */
  readonly leakedBytes: number;
  /** Runs that were not as they should be, and what is wrong with the first of them. */
  readonly faulty: number;
  readonly faults: readonly string[];
}

const faultsTold = 5;

/** Streams side by side. */
const atOnce = 8;

/** Hears what leaves of each run, and compares it with what may. */
export async function proveNoLeaks(runs: Iterable<LeakRun>, millrace: ProvenMillrace): Promise<LeakProof> {
  const proof = { runs: 0, leakedBytes: 0, faulty: 0, faults: [] as string[] };
  const left = runs[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = left.next(); !next.done; next = left.next()) {
      const { leakedBytes, faults } = await judge(next.value, millrace);
      proof.runs += 1;
      proof.leakedBytes += leakedBytes;
      if (faults.length === 0) continue;
      if (proof.faulty++ < faultsTold) proof.faults.push(...faults);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return proof;
}

async function judge({ cases, pieces }: LeakRun, { url, model, log }: ProvenMillrace) {
  const cutting = cases.filter(({ end }) => end === 'content_filter');
  const heard = await hear(url, model.tell(pieces, cutting[0] && { moreIn: cutting[0].channel }));
  const leakedBytes = cases.reduce((sum, leak) => sum + leakedOf(leak, heard), 0);
  const problems = [...told(cases, cutting, heard), ...recorded(cases, cutting, heard, log)];
  const cut = JSON.stringify(pieces.map(({ text }) => text));
  return {
    leakedBytes,
    faults: problems.map((problem) => `${cases.map(({ name }) => name).join(' + ')} as ${cut}: ${problem}`),
  };
}

/** From where what left is no longer what may leave. */
function leakedOf({ channel, released }: LeakCase, { said }: HeardAnswer): number {
  const left = said[channel];
  let same = 0;
  while (same < left.length && left[same] === released[same]) same++;
  return new TextEncoder().encode(left.slice(same)).length;
}

function* told(
  cases: readonly LeakCase[],
  cutting: readonly LeakCase[],
  heard: HeardAnswer,
): Generator<string> {
  const called = cases.some(({ channel }) => channel === 'tool');
  const expected = cutting.length > 0 ? 'content_filter' : called ? 'tool_calls' : 'stop';
  if (heard.end !== expected) yield `it ended with ${heard.end}, not ${expected}`;
  for (const leak of cases) {
    const left = heard.said[leak.channel];
    // What another channel cuts off ends where it happened to be.
    const isWhole = cutting.every((other) => other === leak);
    if (isWhole ? left !== leak.released : !leak.released.startsWith(left))
      yield `of ${JSON.stringify(leak.released)} in ${leak.channel} came ${JSON.stringify(left)}`;
  }
}

function* recorded(
  cases: readonly LeakCase[],
  cutting: readonly LeakCase[],
  { requestId }: HeardAnswer,
  log: RecordingEventLog,
): Generator<string> {
  const record = log.answers.get(requestId);
  log.answers.delete(requestId);
  const outcome = cutting.length > 0 ? 'suppressed' : 'complete';
  if (record?.outcome !== outcome) yield `it was recorded as ${record?.outcome}`;
  const found = new Set(record?.findings?.map(({ category }) => category));
  const expected = cutting.length > 0 ? [] : cases.flatMap(({ categories }) => categories);
  for (const category of expected) if (!found.has(category)) yield `${category} was not recorded`;
}
