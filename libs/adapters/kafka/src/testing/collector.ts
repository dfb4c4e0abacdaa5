import type { EventLog, LogRecord, NewRecord, Subscribed, Subscription } from '@millrace/ports';
import { text, utf8 } from '@millrace/testing';

export const record = (topic: string, value: string, key = 'k'): NewRecord => ({
  topic,
  key,
  value: utf8(value),
});
export const valueOf = ({ value }: LogRecord): string => text(value);

export const numbered = (count: number, prefix = ''): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

/** Reads a topic into a list of values; `handle` may do more, or reject. */
export async function collect(
  log: EventLog,
  { topic, group, maxBatch = 100 }: { topic: string; group: string; maxBatch?: number },
  handle: Subscription['handler'] = () => Promise.resolve(),
): Promise<{ seen: string[]; subscribed: Subscribed }> {
  const seen: string[] = [];
  const subscribed = await log.subscribe({
    ...{ group, topics: [topic], maxBatch },
    handler: async (records, signal) => {
      await handle(records, signal);
      seen.push(...records.map(valueOf));
    },
  });
  return { seen, subscribed };
}
