import { jobs, type JobSpec } from '@millrace/contracts';
import { code, duration, page, pattern, table } from '../markdown.ts';

export const jobsPage = (): string =>
  page(
    'Jobs',
    '`libs/contracts/src/jobs.ts`',
    'Work inside a service’s pool; the queue has the name of the job. A job is made from its event; a job with the same id ' +
      'is the same job. After the last attempt, or at once when the error is not retryable, it becomes a dead letter. ' +
      'Tenants take turns, by what their jobs are estimated to take; beyond the jobs that a replica runs at a time it runs ' +
      'half as many again of tenants that have none running there ([0009](../decisions/0009-tenants-take-turns.md)).',
    table(
      ['Job', 'Service', 'Does', 'Made from', 'Id', 'Time allowed', 'Attempts', 'Backoff', 'At a time'],
      Object.values<JobSpec>(jobs).map((job) => [
        code(job.name),
        job.service,
        job.summary,
        code(job.on.name),
        code(pattern(job.id)),
        duration(job.timeoutMs),
        String(job.attempts),
        `${duration(job.backoff.firstMs)} to ${duration(job.backoff.maxMs)}`,
        String(job.concurrency),
      ]),
    ),
  );
