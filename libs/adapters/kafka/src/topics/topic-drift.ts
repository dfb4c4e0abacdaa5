import { settingsOf, type TopicWish } from './topic-wish.ts';

/** A topic as the cluster has it. */
export interface ActualTopic {
  readonly partitions: number;
  /** Settings by Kafka's names. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface Difference {
  readonly what: 'partitions' | 'retention.ms' | 'segment.ms' | 'cleanup.policy';
  readonly wanted: string;
  readonly actual: string;
}

/** What of the topic is not as wished. */
export function differencesOf(wish: TopicWish, { partitions, settings }: ActualTopic): Difference[] {
  const wanted = { partitions: String(wish.partitions), ...settingsOf(wish) };
  const actual: Record<string, string> = { ...settings, partitions: String(partitions) };
  return Object.entries(wanted).flatMap(([what, value]) =>
    canonical(actual[what] ?? '') === canonical(value)
      ? []
      : [{ what: what as Difference['what'], wanted: value, actual: actual[what] ?? 'unknown' }],
  );
}

/** `compact,delete` and `delete,compact` are the same. */
const canonical = (value: string): string => value.split(',').sort().join(',');
