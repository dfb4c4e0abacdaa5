import { openEventLog } from './event-log/event-log.module.ts';
import { openQuotaLedger } from './quota-ledger/quota-ledger.module.ts';
import { openSql } from './sql/sql-module.ts';
import { runThread } from './thread/run-thread.ts';
import { openVectorReader } from './vector-store/vector-reader.module.ts';
import { openVectorWriter } from './vector-store/vector-writer.module.ts';
import { openWorkQueue } from './work-queue/work-queue.module.ts';

/** Thread module by name: each opens its own database file. */
runThread({
  sql: openSql,
  'event-log': openEventLog,
  'quota-ledger': openQuotaLedger,
  'vector-reader': openVectorReader,
  'vector-writer': openVectorWriter,
  'work-queue': openWorkQueue,
});
