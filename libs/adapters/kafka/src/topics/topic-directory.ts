import type { AdminCalls } from '../connection/admin-calls.ts';
import { noTopic } from '../connection/kafka-error.ts';
import { lookUpTopic } from './cluster-topics.ts';

/** What a publisher has to know of a topic. */
export interface KnownTopic {
  readonly partitions: number;
  /** Largest batch of records that the topic takes, in bytes with all its headers. */
  readonly maxBatchBytes: number;
}

const answerMs = 5_000;
/** Partitions that somebody added are used after this. */
const freshMs = 60_000;

/** Remembers the topics that were asked for, so that publishing to an unknown one is refused at once. */
export class TopicDirectory {
  private readonly known = new Map<string, { topic: Promise<KnownTopic>; at: number }>();

  constructor(
    private readonly admin: AdminCalls,
    /** Where a topic does not say. */
    private readonly maxBatchBytes: number,
  ) {}

  /** Rejects with `internal` when there is no such topic. */
  find(name: string): Promise<KnownTopic> {
    const entry = this.known.get(name);
    if (!entry) return this.load(name);
    if (performance.now() - entry.at > freshMs) this.refresh(name, entry.topic);
    return entry.topic;
  }

  /** Of the topics that were found. */
  names(): string[] {
    return [...this.known.keys()];
  }

  private load(name: string): Promise<KnownTopic> {
    const topic = this.ask(name);
    this.known.set(name, { topic, at: performance.now() });
    topic.catch(() => this.known.delete(name));
    return topic;
  }

  /** In the background: until Kafka answers, what was known holds. */
  private refresh(name: string, before: Promise<KnownTopic>): void {
    this.known.set(name, { topic: before, at: performance.now() });
    const topic = this.ask(name);
    topic.then(
      () => this.known.set(name, { topic, at: performance.now() }),
      () => undefined,
    );
  }

  private async ask(name: string): Promise<KnownTopic> {
    const topic = await this.admin.run((admin) => lookUpTopic(admin, name), answerMs);
    if (!topic) throw noTopic(name);
    const maxBatchBytes = Number(topic.settings['max.message.bytes'] ?? this.maxBatchBytes);
    return { partitions: topic.partitions, maxBatchBytes };
  }
}
