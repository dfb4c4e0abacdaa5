import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { LogRecord } from '@millrace/ports';
import { bundleProgram, noEngine, unique, until, type BundledProgram } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, valueOf } from '../testing/collector.ts';
import { brokers, KafkaTestbed, patienceMs } from '../testing/kafka-harness.ts';

const kills = 6;
const skipped = brokers ? '' : `: ${noEngine('kafka')}`;

describe.skipIf(!brokers)(`processes on Kafka that are killed at random moments${skipped}`, () => {
  const group = unique('group');
  let testbed: KafkaTestbed;
  let topic: string;
  let folder: string;
  let program: BundledProgram;
  const notes = (): string => join(folder, 'notes');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-kafka-crash-'));
    program = await bundleProgram(new URL('./log-program.ts', import.meta.url));
    await appendFile(notes(), '');
    testbed = new KafkaTestbed(brokers!);
    topic = testbed.newTopic();
  });
  afterAll(async () => {
    await testbed.dispose();
    await program.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const run = async (name: string): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [program.file, brokers![0]!, topic, group, notes(), name], {
      stdio: 'inherit',
    });
    const isOpen = async () => expect(await readFile(notes(), 'utf8')).toContain(`open ${name}\n`);
    await until(isOpen, patienceMs);
    return child;
  };

  it('show every acknowledged record to every group, each key in order', async () => {
    const log = await testbed.open();
    await log.ensureTopics([{ name: topic, partitions: 4, retentionHours: 1 }]);
    // Two at a time, so that one takes over from the other.
    let last = await run('run0');
    for (let n = 1; n <= kills; n++) {
      const next = await run(`run${n}`);
      await kill(last, 200 + Math.random() * 1_500);
      last = next;
    }
    await kill(last, 200);
    const told = await read(notes());
    const fresh: LogRecord[] = [];
    await collect(log, { topic, group: 'fresh' + group }, async (records) => void fresh.push(...records));
    const { seen } = await collect(log, { topic, group });
    for (const each of [group, 'fresh' + group])
      await until(async () => expect((await log.lag(each, [topic]))[0]!.records).toBe(0), patienceMs);
    const handled = [...told.handled, ...seen];
    expect(told.acknowledged.length).toBeGreaterThan(kills * 3);
    expect(lost(told.acknowledged, handled)).toEqual([]);
    expect(lost(told.acknowledged, fresh.map(valueOf))).toEqual([]);
    expect(new Set(fresh.map(({ partition, offset }) => `${partition}/${offset}`)).size).toBe(fresh.length);
    expect(new Set(fresh.map(valueOf)).size).toBe(fresh.length);
    expectRising(fresh);
    console.log(
      `${kills + 1} kills: ${told.acknowledged.length} acknowledged, 0 lost, ${told.handled.length} handled by the killed, ${handled.length - new Set(handled).size} handled twice`,
    );
  }, 180_000);
});

async function read(notes: string): Promise<{ acknowledged: string[]; handled: string[] }> {
  const lines = (await readFile(notes, 'utf8')).split('\n').map((line) => line.split(' '));
  const all = (kind: string) => lines.filter(([what]) => what === kind).map(([, which = '']) => which);
  return { acknowledged: all('acknowledged'), handled: all('handled') };
}

const lost = (acknowledged: readonly string[], handled: readonly string[]): string[] => {
  const known = new Set(handled);
  return acknowledged.filter((one) => !known.has(one));
};

async function kill(child: ChildProcess, afterMs: number): Promise<void> {
  await pause(afterMs);
  expect(child.exitCode, 'the process ended by itself').toBeNull();
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** Values are `<run>:<n>`; what one run publishes under one key rises. */
function expectRising(records: readonly LogRecord[]): void {
  const bySource = Map.groupBy(records, (one) => `${one.key} ${valueOf(one).split(':')[0]}`);
  for (const ofSource of bySource.values()) {
    const numbers = ofSource.map((one) => Number(valueOf(one).split(':')[1]));
    expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
  }
}
