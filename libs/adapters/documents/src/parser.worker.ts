import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { serve } from './child/serve.ts';
import { watch, type WatchdogData } from './child/watchdog.ts';

/** The child process that reads documents; its second thread watches over its memory. */
if (isMainThread) {
  const data: WatchdogData = { maxRssBytes: Number(process.argv[2]) * 1024 * 1024 };
  new Worker(new URL(import.meta.url), {
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  }).unref();
  await serve();
} else {
  watch(workerData as WatchdogData);
}
