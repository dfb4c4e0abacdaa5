import { workQueueConformance } from '@millrace/testing';
import { threadHarness } from '../thread/thread-harness.ts';
import { SqliteWorkQueue } from './work-queue.ts';

workQueueConformance('SqliteWorkQueue', () =>
  threadHarness('work-queue', (options, thread) =>
    SqliteWorkQueue.open({ ...options, retryPauseMs: 20 }, thread),
  ),
);
