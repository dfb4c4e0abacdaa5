import { openEventLog } from './event-log/event-log.module.ts';
import { runThread } from './thread/run-thread.ts';
import { openWorkQueue } from './work-queue/work-queue.module.ts';

/** Thread module by name: each opens its own database file. */
runThread({
  'event-log': openEventLog,
  'work-queue': openWorkQueue,
});
