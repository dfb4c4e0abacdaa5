import { engine, unique, type DurableHarness } from '@millrace/testing';
import type { EventLog } from '@millrace/ports';
import { Kafka, type Admin } from 'kafkajs';
import { KafkaEventLog, type KafkaEventLogOptions } from '../kafka-event-log.ts';
import { CuttableSockets } from './cuttable-sockets.ts';

/** The brokers of `npm run engines`; undefined when they are not up. */
export const brokers = engine('kafka')?.brokers;

/** Quick to notice that a member has gone. Longer than any pause of a busy machine. */
export const sessionMs = 2_500;
export const patienceMs = 30_000;

interface Opened {
  readonly log: KafkaEventLog;
  readonly sockets: CuttableSockets;
  readonly killed: boolean;
}

/** Opens instances, each with connections of its own, and removes the topics that they made. */
export class KafkaTestbed {
  private opened: Opened[] = [];
  private readonly topics = new Set<string>();

  constructor(private readonly at: readonly string[]) {}

  async open(options: Partial<KafkaEventLogOptions> = {}): Promise<KafkaEventLog> {
    const sockets = new CuttableSockets();
    const { factory: socketFactory } = sockets;
    const log = await KafkaEventLog.open({
      ...{ brokers: this.at, sessionMs, redeliveryPauseMs: 20, drainMs: 5_000, socketFactory },
      ...options,
    });
    const ensure = log.ensureTopics.bind(log);
    log.ensureTopics = (wishes) => {
      for (const { name } of wishes) this.topics.add(name);
      return ensure(wishes);
    };
    this.opened.push({ log, sockets, killed: false });
    return log;
  }

  /** A topic of its own, to be removed at the end. */
  newTopic(): string {
    const topic = unique('topic');
    this.topics.add(topic);
    return topic;
  }

  socketsOf(log: EventLog): CuttableSockets {
    return this.opened.find((one) => one.log === log)!.sockets;
  }

  kill(log: EventLog): void {
    this.socketsOf(log).cut();
    this.opened = this.opened.map((one) => (one.log === log ? { ...one, killed: true } : one));
  }

  async dispose(): Promise<void> {
    await Promise.all(this.opened.filter(({ killed }) => !killed).map(({ log }) => log.close()));
    await withAdmin(this.at, async (admin) => {
      const there = new Set(await admin.listTopics());
      const topics = [...this.topics].filter((topic) => there.has(topic));
      if (topics.length > 0) await admin.deleteTopics({ topics });
    });
  }
}

export async function withAdmin<T>(at: readonly string[], act: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers: [...at], logCreator: () => () => undefined }).admin();
  await admin.connect();
  try {
    return await act(admin);
  } finally {
    await admin.disconnect();
  }
}

export async function harness(at: readonly string[]): Promise<DurableHarness<EventLog>> {
  const testbed = new KafkaTestbed(at);
  return {
    open: () => testbed.open(),
    kill: async (log) => testbed.kill(log),
    dispose: () => testbed.dispose(),
    patienceMs,
  };
}
