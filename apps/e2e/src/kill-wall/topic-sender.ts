import { setTimeout as pause } from 'node:timers/promises';
import { events, intakeGroup } from '@millrace/contracts';
import { Kafka, logLevel, type Admin, type Producer } from 'kafkajs';
import { putBody, type Operation, type Sender } from './sender.ts';

/**
 * Events in `documents.v1`, from a producer that knows nothing of Millrace: acknowledged when the log has them. One that
 * is sent again has the same source and id, so it is done once.
 */
export class TopicSender implements Sender {
  readonly once = true;

  private constructor(
    private readonly producer: Producer,
    private readonly admin: Admin,
    private readonly topic: string,
    private readonly group: string,
  ) {}

  static async open(brokers: readonly string[], installation: string): Promise<TopicSender> {
    const kafka = new Kafka({ brokers: [...brokers], clientId: 'kill-wall', logLevel: logLevel.NOTHING });
    const [producer, admin] = [kafka.producer({ allowAutoTopicCreation: false }), kafka.admin()];
    await Promise.all([producer.connect(), admin.connect()]);
    const named = (name: string): string => `${installation}.${name}`;
    return new TopicSender(producer, admin, named(events.documents.name), named(intakeGroup.name));
  }

  async send(document: string, operation: Operation): Promise<'acknowledged'> {
    const { kind, edition } = operation;
    const event = {
      ...{ specversion: '1.0', id: String(edition), source: '/kill-wall' },
      type: `millrace.document.${kind === 'put' ? 'upsert' : 'delete'}.v1`,
      ...(kind === 'put' && { data: putBody(document, operation) }),
    };
    await this.producer.send({
      topic: this.topic,
      acks: -1,
      messages: [
        {
          key: `default/${document}`,
          value: JSON.stringify(event),
          headers: { 'content-type': 'application/cloudevents+json' },
        },
      ],
    });
    return 'acknowledged';
  }

  async caughtUp(): Promise<void> {
    while ((await this.lag().catch(() => 1)) > 0) await pause(500);
  }

  async close(): Promise<void> {
    await Promise.all([this.producer.disconnect(), this.admin.disconnect()]);
  }

  /** Records that ingestion has not read yet. */
  private async lag(): Promise<number> {
    const { admin, topic, group } = this;
    const ends = await admin.fetchTopicOffsets(topic);
    const [read] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    const at = new Map(read?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    return ends.reduce(
      (sum, { partition, high, low }) => sum + Number(high) - Math.max(Number(low), at.get(partition) ?? 0),
      0,
    );
  }
}
