import { events, intakeGroup } from '@millrace/contracts';
import { engine } from '@millrace/testing';
import { Kafka, logLevel, type Admin, type Message, type Producer } from 'kafkajs';

export type { Message };

/** A producer of `documents.v1` that knows nothing of Millrace but its topic. */
export class TopicProducer {
  private constructor(
    private readonly producer: Producer,
    private readonly admin: Admin,
    private readonly topic: string,
    private readonly group: string,
  ) {}

  static async open(installation: string): Promise<TopicProducer> {
    const brokers = engine('kafka')?.brokers;
    if (!brokers) throw new Error('there is no Kafka here: npm run engines -- up');
    const kafka = new Kafka({ brokers: [...brokers], clientId: 'outside', logLevel: logLevel.NOTHING });
    const [producer, admin] = [kafka.producer({ allowAutoTopicCreation: false }), kafka.admin()];
    await Promise.all([producer.connect(), admin.connect()]);
    const named = (name: string): string => `${installation}.${name}`;
    return new TopicProducer(producer, admin, named(events.documents.name), named(intakeGroup.name));
  }

  /** Resolves once the log has them. */
  async send(...messages: Message[]): Promise<void> {
    await this.producer.send({ topic: this.topic, acks: -1, messages });
  }

  /** Records that ingestion has not read yet. */
  async lag(): Promise<number> {
    const { admin, topic, group } = this;
    const ends = await admin.fetchTopicOffsets(topic);
    const [read] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    const at = new Map(read?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    return ends.reduce(
      (sum, { partition, high, low }) => sum + Number(high) - Math.max(Number(low), at.get(partition) ?? 0),
      0,
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.producer.disconnect(), this.admin.disconnect()]);
  }
}

/** A CloudEvent in structured mode. */
export const structured = (key: string, event: unknown): Message => ({
  key,
  value: JSON.stringify(event),
  headers: { 'content-type': 'application/cloudevents+json' },
});
