import { Partitioners, type Kafka, type Message, type Producer } from 'kafkajs';
import { protocolError } from '../connection/kafka-error.ts';
import { settled } from '../connection/within.ts';
import type { OutgoingRecord } from './outgoing-record.ts';

const closeMs = 3_000;
/** The broker's limit for a write, after which it says so. */
const writeMs = 5_000;
const allReplicas = -1;

/** The broker does not know this producer, or not so: it takes the records from a new one. */
const needsNewProducer: ReadonlySet<string | undefined> = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
]);

/**
 * Sends requests, one at a time, so that each is in the log once however often it had to be repeated. The sequence
 * numbers that see to that go wrong in kafkajs as soon as two sends run at once: the broker then takes one for a repeat
 * of the other and confirms what it threw away (tulios/kafkajs #1005). After a failed send they are unknown, so its
 * producer is not used again.
 */
export class Sender {
  private producer: Promise<Producer> | undefined;

  constructor(private readonly kafka: Kafka) {}

  /** Resolves when all replicas in sync have the records. */
  async send(records: readonly OutgoingRecord[]): Promise<void> {
    try {
      await this.attempt(records);
    } catch (error) {
      if (!needsNewProducer.has(protocolError(error))) throw error;
      await this.attempt(records);
    }
  }

  close(): Promise<void> {
    return settled(closeMs, this.drop());
  }

  private async attempt(records: readonly OutgoingRecord[]): Promise<void> {
    try {
      const producer = await (this.producer ??= this.connect());
      await producer.sendBatch({
        acks: allReplicas,
        timeout: writeMs,
        topicMessages: byTopic(records),
      });
    } catch (error) {
      void this.drop();
      throw error;
    }
  }

  private async connect(): Promise<Producer> {
    const producer = this.kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      metadataMaxAge: 60_000,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    producer.on(producer.events.REQUEST_TIMEOUT, () => this.reconnect(producer));
    try {
      await producer.connect();
      return producer;
    } catch (error) {
      void producer.disconnect().catch(() => undefined);
      throw error;
    }
  }

  /**
   * kafkajs would repeat a request on the very connection that gives no answers. Without one, it makes another for what is
   * under way, with the same sequence numbers; the next send has a new producer.
   */
  private reconnect(producer: Producer): void {
    this.producer = undefined;
    void producer.disconnect().catch(() => undefined);
  }

  private async drop(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    try {
      await (await producer)?.disconnect();
    } catch {
      // It was not connected.
    }
  }
}

function byTopic(records: readonly OutgoingRecord[]): { topic: string; messages: Message[] }[] {
  const topics = Map.groupBy(records, ({ topic }) => topic);
  return [...topics].map(([topic, ofTopic]) => ({
    topic,
    messages: ofTopic.map(({ partition, key, value, headers }) => ({ partition, key, value, headers })),
  }));
}
