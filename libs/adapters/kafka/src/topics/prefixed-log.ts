import type { EventLog } from '@millrace/ports';

/** A log whose topics and groups are called otherwise in Kafka, so that several installations can share a cluster. */
export function withPrefix(log: EventLog, prefix: string): EventLog {
  if (prefix === '') return log;
  const there = (name: string): string => `${prefix}${name}`;
  const here = (name: string): string => name.slice(prefix.length);
  return {
    limits: log.limits,
    ensureTopics: (topics) =>
      log.ensureTopics(topics.map((topic) => ({ ...topic, name: there(topic.name) }))),
    publish: (records) => log.publish(records.map((record) => ({ ...record, topic: there(record.topic) }))),
    subscribe: ({ group, topics, handler, ...rest }) =>
      log.subscribe({
        ...rest,
        group: there(group),
        topics: topics.map(there),
        handler: (records, signal) =>
          handler(
            records.map((record) => ({ ...record, topic: here(record.topic) })),
            signal,
          ),
      }),
    lag: async (group, topics) =>
      (await log.lag(there(group), topics.map(there))).map((lag) => ({ ...lag, topic: here(lag.topic) })),
    oldestWaitingAt: (group, topics) => log.oldestWaitingAt(there(group), topics.map(there)),
    healthy: () => log.healthy(),
    close: () => log.close(),
  };
}
