import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { KafkaEventLog } from '@millrace/adapters/kafka';
import type { NewRecord } from '@millrace/ports';
import { engine, noEngine } from '@millrace/testing';
import { Kafka } from 'kafkajs';
import { withGoal, withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { percentiles } from '../statistics.ts';

const brokers = engine('kafka')?.brokers;

export const eventLog: Measurement = {
  name: 'event-log',
  summary:
    'Kafka by the event log: publish to handler, records a second against bare kafkajs, members that join',
  unavailable: () => (brokers ? undefined : noEngine('kafka')),
  run: async (context) => {
    const bench = new LogBench(context);
    try {
      return [await bench.latency(), ...(await bench.throughput()), await bench.joining()];
    } finally {
      await bench.close();
    }
  },
};

const partitions = 12;
/** Records of one `sendBatch` of the peer. */
const peerBatch = 500;
/** Callers of `publish` that each wait for their record. */
const callers = 64;

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));

class LogBench {
  private readonly kafka = new Kafka({ brokers: [...(brokers ?? [])], logCreator: () => () => undefined });
  private readonly logs: KafkaEventLog[] = [];
  private readonly topics: string[] = [];

  constructor(private readonly context: BenchContext) {}

  async latency(): Promise<Case> {
    const { topic, log } = await this.begin('publish to handler, 100 records a second');
    const { took, publish } = await this.timed(log, topic);
    await publish(numbered(this.context.quick ? 300 : 1_000));
    const spread = percentiles(took);
    const name = 'publish to handler at 100 records a second';
    return withGoal({ case: name, value: spread.p50, unit: 'ms', ...spread }, { sense: '<=', limit: 50 });
  }

  async throughput(): Promise<Case[]> {
    const { topic, log } = await this.begin('records a second');
    const records = numbered(this.context.quick ? 5_000 : 20_000).map((key) => recordOf(topic, key));
    const n = records.length;
    const first = records.slice(0, n / 10);
    await this.bareSend(topic, first);
    await Promise.all(first.map((record) => log.publish([record])));
    const bare = await rate(n, () => this.bareSend(topic, records));
    const atOnce = await rate(n, () => Promise.all(records.map((record) => log.publish([record]))));
    const steady = await rate(n, () =>
      Promise.all(numbered(callers).map((caller) => publishEach(log, records, Number(caller)))),
    );
    const all = 3 * n + 2 * first.length;
    const read = await rate(all, () => this.readAll(log, topic, all));
    const unit = 'records/s';
    const peer = { peer: `bare kafkajs, batches of ${peerBatch}`, peer_value: bare };
    return [
      withoutGoal({ case: '1 kB published at once', value: atOnce, unit, n, ...peer, ratio: atOnce / bare }),
      withoutGoal({
        case: `1 kB published by ${callers} callers`,
        value: steady,
        unit,
        n,
        ...peer,
        ratio: steady / bare,
      }),
      withoutGoal({ case: '1 kB handled', value: read, unit, n: all }),
    ];
  }

  /** The longest time from publish to handler while two members join a group, one after the other. */
  async joining(): Promise<Case> {
    const { topic, log } = await this.begin('members that join');
    const { took, publish, subscribe } = await this.timed(log, topic);
    const publishing = publish(numbered(600));
    for (let member = 0; member < 2; member++) {
      await pause(1_000);
      await subscribe(await this.open());
    }
    await publishing;
    const longest = Math.max(...took);
    return withoutGoal({
      case: 'longest wait while 2 members join',
      value: longest,
      unit: 'ms',
      n: took.length,
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.logs.map((log) => log.close()));
    const admin = this.kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics: this.topics });
    await admin.disconnect();
  }

  private async begin(what: string): Promise<{ topic: string; log: KafkaEventLog }> {
    this.context.note(what);
    const topic = `bench-${randomUUID()}`;
    const log = await this.open();
    await log.ensureTopics([{ name: topic, partitions, retentionHours: 1 }]);
    this.topics.push(topic);
    return { topic, log };
  }

  private async open(): Promise<KafkaEventLog> {
    const log = await KafkaEventLog.open({ brokers: brokers ?? [] });
    this.logs.push(log);
    return log;
  }

  /** A group whose members note how long each record took; `publish` sends 100 a second and waits for all. */
  private async timed(log: KafkaEventLog, topic: string) {
    const sent = new Map<string, number>();
    const took: number[] = [];
    const group = `bench-${randomUUID()}`;
    const subscribe = (member: KafkaEventLog) =>
      member.subscribe({
        ...{ group, topics: [topic], maxBatch: 64 },
        handler: async (records) => {
          for (const { key } of records) took.push(performance.now() - sent.get(key)!);
        },
      });
    const publish = async (keys: readonly string[]): Promise<void> => {
      for (const key of keys) {
        this.context.signal.throwIfAborted();
        sent.set(key, performance.now());
        await Promise.all([log.publish([recordOf(topic, key)]), pause(10)]);
      }
      while (took.length < keys.length) await pause(10, undefined, { signal: this.context.signal });
    };
    await subscribe(log);
    return { took, publish, subscribe };
  }

  private async bareSend(topic: string, records: readonly NewRecord[]): Promise<void> {
    const producer = this.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const messages = records.map(({ key, value }) => ({ key, value: Buffer.from(value) }));
    for (let at = 0; at < messages.length; at += peerBatch)
      await producer.send({ topic, acks: -1, messages: messages.slice(at, at + peerBatch) });
    await producer.disconnect();
  }

  private async readAll(log: KafkaEventLog, topic: string, count: number): Promise<void> {
    let seen = 0;
    await log.subscribe({
      ...{ group: `bench-${randomUUID()}`, topics: [topic], maxBatch: 100 },
      handler: async (records) => void (seen += records.length),
    });
    while (seen < count) await pause(5, undefined, { signal: this.context.signal });
  }
}

const payload = new TextEncoder().encode('x'.repeat(1_000));
const recordOf = (topic: string, key: string): NewRecord => ({ topic, key, value: payload });

async function publishEach(log: KafkaEventLog, records: readonly NewRecord[], first: number): Promise<void> {
  for (let at = first; at < records.length; at += callers) await log.publish([records[at]!]);
}

async function rate(count: number, act: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await act();
  return Math.round((count / (performance.now() - before)) * 1_000);
}
