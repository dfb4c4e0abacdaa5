import { MillraceError, type JobSpec } from '@millrace/contracts';
import type { FailureDecision, Job, WorkOptions } from '@millrace/ports';
import { countRetry } from '../telemetry/metrics.ts';
import { observe } from '../telemetry/observe.ts';
import type { DeadLetterPublisher } from './dead-letter-publisher.ts';
import type { JobContext } from './handlers.ts';

const leaseMs = 15_000;

/**
 * A job that its worker died with so often is taken to be the cause. A kill befalls all jobs that run at the time, most of
 * them by chance, and in a bad hour again and again: one that is none of their doing must not end them.
 */
const mostDeaths = 20;

/** How a job of the table is run: validated, timed, observed; failures retried with backoff or dead-lettered. */
export function jobWork(
  spec: JobSpec,
  run: (data: never, context: JobContext) => Promise<void>,
  deadLetters: DeadLetterPublisher,
): WorkOptions {
  return {
    concurrency: spec.concurrency,
    spare: Math.ceil(spec.concurrency / 2),
    leaseMs,
    handler: (job, signal) => {
      const { headers, enqueuedAt: sentAt } = job;
      return observe({ kind: 'job', name: spec.name, headers, sentAt }, () =>
        runOnce(spec, job, run, signal),
      );
    },
    onFailure: (job, error) => decide(spec, job, error, deadLetters),
  };
}

async function runOnce(
  spec: JobSpec,
  job: Job,
  run: (data: never, context: JobContext) => Promise<void>,
  handBack: AbortSignal,
): Promise<void> {
  if (job.deaths > mostDeaths) throw new MillraceError('poison_job');
  const parsed = spec.on.schema.safeParse(job.data);
  if (!parsed.success) throw new MillraceError('invalid_event', { detail: parsed.error.issues[0]?.message });
  const timeout = AbortSignal.timeout(spec.timeoutMs);
  const signal = AbortSignal.any([handBack, timeout]);
  try {
    await run(parsed.data as never, { signal, headers: job.headers, attempt: job.attempt });
  } catch (error) {
    throw timeout.aborted ? new MillraceError('deadline_exceeded', { cause: error }) : error;
  }
}

/** Outages are waited out without end; the item's own faults end after the table's attempts. */
async function decide(
  spec: JobSpec,
  job: Job,
  thrown: unknown,
  deadLetters: DeadLetterPublisher,
): Promise<FailureDecision> {
  const error = MillraceError.from(thrown);
  const action = whatNext(spec, job, error);
  if (action !== 'give up') {
    countRetry({ name: spec.name, code: error.code });
    const before = action === 'wait' ? job.run : job.attempt;
    return { action, delayMs: backoffMs(spec, before, error) };
  }
  const key = spec.on.key(job.data);
  await deadLetters.publish(
    { origin: spec.on.name, key, payload: { json: job.data }, attempts: job.attempt },
    error,
  );
  return { action: 'discard' };
}

function whatNext({ attempts }: JobSpec, { attempt }: Job, { spec }: MillraceError) {
  if (spec.outage === true) return 'wait';
  return spec.retryable && attempt < attempts ? 'retry' : 'give up';
}

/** Exponential with full jitter in its upper half, never sooner than the error asks. */
function backoffMs({ backoff }: JobSpec, before: number, error: MillraceError): number {
  const exponential = Math.min(backoff.maxMs, backoff.firstMs * 2 ** (before - 1));
  return Math.max(exponential * (0.5 + Math.random() / 2), (error.retryAfter ?? 0) * 1000);
}
