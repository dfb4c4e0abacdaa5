import { setTimeout as pause } from 'node:timers/promises';
import { events } from '@millrace/contracts';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import type { Client } from '../client.ts';
import type { Operation, Sender } from './sender.ts';
import { textFor } from './texts.ts';

/**
 * Events in `documents.v1`, from a producer that knows nothing of Millrace: acknowledged when the log has them. One that
 * is sent again has the same source and id, so it is done once.
 */
export class TopicSender implements Sender {
  readonly once = true;

  private constructor(
    private readonly producer: Producer,
    private readonly topic: string,
    private readonly client: () => Client,
  ) {}

  static async open(
    brokers: readonly string[],
    installation: string,
    client: () => Client,
  ): Promise<TopicSender> {
    const kafka = new Kafka({ brokers: [...brokers], clientId: 'kill-wall', logLevel: logLevel.NOTHING });
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    return new TopicSender(producer, `${installation}.${events.documents.name}`, client);
  }

  async send(document: string, { kind, mark }: Operation): Promise<'acknowledged'> {
    const event = {
      ...{ specversion: '1.0', id: mark, source: '/kill-wall' },
      type: `millrace.document.${kind === 'put' ? 'upsert' : 'delete'}.v1`,
      ...(kind === 'put' && { data: { text: textFor(document, mark) } }),
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
    await this.producer.disconnect();
  }

  /** Records that ingestion has not read yet. */
  private async lag(): Promise<number> {
    const { body } = await this.client().request<{ groups: { topic: string; lag: number }[] }>(
      'GET',
      '/v1/admin/queues',
    );
    const own = body.groups.filter(({ topic }) => topic === events.documents.name);
    return own.length === 0 ? 1 : Math.max(...own.map(({ lag }) => lag));
  }
}
