import { eventLogConformance } from '@millrace/testing';
import { threadHarness } from '../thread/thread-harness.ts';
import { SqliteEventLog } from './event-log.ts';

eventLogConformance('SqliteEventLog', () =>
  threadHarness('event-log', (options, thread) =>
    SqliteEventLog.open({ ...options, redeliveryPauseMs: 20 }, thread),
  ),
);
