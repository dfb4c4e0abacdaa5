import { setTimeout as pause } from 'node:timers/promises';
import { noEngine, unique, until } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KafkaEventLog } from './kafka-event-log.ts';
import { collect, record } from './testing/collector.ts';
import { brokers, KafkaTestbed } from './testing/kafka-harness.ts';
import { OwnBroker } from './testing/own-broker.ts';

const kills = 3;
/** Longer than a publish waits, so that some are rejected. */
const awayMs = 4_000;

describe.skipIf(!brokers)(`a Kafka that is killed with -9${brokers ? '' : `: ${noEngine('kafka')}`}`, () => {
  let broker: OwnBroker;
  let testbed: KafkaTestbed;
  beforeAll(async () => {
    broker = await OwnBroker.up();
    testbed = new KafkaTestbed(broker.brokers);
  }, 120_000);
  afterAll(async () => {
    await testbed.dispose();
    await broker.dispose();
  }, 60_000);

  it('loses nothing that was acknowledged; publishers are told in time, consumers go on by themselves', async () => {
    const errors: unknown[] = [];
    const warnings: string[] = [];
    const log = await testbed.open({
      publishMs: 2_000,
      onError: (error) => errors.push(error),
      onWarning: (text) => warnings.push(text),
    });
    const topic = testbed.newTopic();
    await log.ensureTopics([{ name: topic, partitions: 4, retentionHours: 1 }]);
    const { seen } = await collect(log, { topic, group: unique('group') });
    const publishing = new Publishing(log, topic);
    for (let n = 0; n < kills; n++) {
      await pause(500 + Math.random() * 1_000);
      await broker.kill();
      await pause(awayMs);
      expect(await log.healthy()).toBe(false);
      const acknowledged = publishing.acknowledged.length;
      await broker.start();
      await until(() => expect(publishing.acknowledged.length).toBeGreaterThan(acknowledged + 20), 30_000);
    }
    await publishing.stop();
    const { acknowledged, longestMs, rejected } = publishing;
    const missing = () => {
      const known = new Set(seen);
      return acknowledged.filter((value) => !known.has(value));
    };
    await until(() => expect(missing()).toEqual([]), 30_000);
    expect(rejected).toBeGreaterThan(0);
    expect(longestMs).toBeLessThan(3_000);
    expect(errors.length).toBeLessThanOrEqual(kills);
    expect(warnings.length).toBeLessThanOrEqual(kills);
    const twice = seen.length - new Set(seen).size;
    console.log(
      `${kills} kills: ${acknowledged.length} acknowledged, 0 lost, ${twice} handled twice, ${rejected} rejected in at most ${Math.round(longestMs)} ms`,
    );
  }, 180_000);
});

/** Four callers that publish without end and remember what was acknowledged. */
class Publishing {
  readonly acknowledged: string[] = [];
  rejected = 0;
  longestMs = 0;
  private stopped = false;
  private next = 0;
  private readonly callers: Promise<unknown>;

  constructor(
    private readonly log: KafkaEventLog,
    private readonly topic: string,
  ) {
    this.callers = Promise.all([0, 1, 2, 3].map(() => this.publish()));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.callers;
  }

  private async publish(): Promise<void> {
    while (!this.stopped) {
      const value = String(this.next++);
      const before = performance.now();
      try {
        await this.log.publish([record(this.topic, value, value)]);
        this.acknowledged.push(value);
      } catch (error) {
        expect(error).toMatchObject({ code: 'dependency_unavailable' });
        this.rejected++;
      }
      this.longestMs = Math.max(this.longestMs, performance.now() - before);
      await pause(2);
    }
  }
}
