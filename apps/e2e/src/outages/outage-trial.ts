import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '../client.ts';
import { Server } from '../harness.ts';
import { structured, TopicProducer } from '../outside/topic-producer.ts';
import type { Fault } from './fault.ts';

export interface OutageOptions {
  /** One after the other. */
  readonly faults: readonly Fault[];
  readonly lastsMs: number;
  readonly report: (line: string) => void;
  /** Told after each fault, so that none takes the figures of those before with it. */
  readonly onOutage: (outage: Outage) => void;
  readonly onFailure: (fault: string, reason: unknown) => void;
}

/** What was seen while something was wrong with one engine. */
export interface Outage {
  readonly fault: string;
  /** How often each question got each answer: a status, `refused without Retry-After`, or `no answer`. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Lines of warnings and errors that all processes together wrote until all was well again, by what they say. */
  readonly lines: Readonly<Record<string, number>>;
  /** From the end of the fault until everything was ready, and until everything acknowledged was found, seconds. */
  readonly readyAfter: number;
  readonly settledAfter: number;
  /** Changes acknowledged before, in and after the outage that are not found, as they were, in the end. */
  readonly acknowledged: number;
  readonly lost: readonly string[];
}

/** A caller gives up after this. */
const callerPatienceMs = 15_000;
const patienceMs = 300_000;
/** Levels of lines that somebody should see. */
const alarming: ReadonlySet<unknown> = new Set(['warn', 'error', 'fatal']);

/** Engines of the distributed profile fail in turn, while documents are pushed and questions asked. */
export class OutageTrial {
  private server!: Server;
  private client!: Client;
  private producer!: TopicProducer;
  private pushed = 0;

  constructor(private readonly options: OutageOptions) {}

  async run(): Promise<void> {
    this.server = await Server.start({ profile: 'distributed' });
    this.client = this.server.client();
    this.producer = await TopicProducer.open(this.server.installation);
    try {
      for (const fault of this.options.faults) {
        const trial = () => this.outageOf(fault);
        await (fault.prepare ? fault.prepare(trial) : trial()).then(
          this.options.onOutage,
          (reason: unknown) => this.options.onFailure(fault.name, reason),
        );
      }
    } finally {
      await this.producer.close();
      await this.server.stop();
    }
  }

  private async outageOf(fault: Fault): Promise<Outage> {
    this.options.report(fault.name);
    const acknowledged = new Set<string>();
    await this.push(acknowledged, 20);
    const answers: Record<string, Record<string, number>> = {};
    const firstLine = this.server.logs.length;
    let isOver = false;
    const over = fault.strike(this.options.lastsMs).finally(() => (isOver = true));
    // Told where it is waited for: until then a strike that fails is not to end the process.
    over.catch(() => undefined);
    while (!isOver) {
      await this.askAll(answers, acknowledged);
      await pause(1000);
    }
    await over;
    const ended = performance.now();
    const since = (): number => (performance.now() - ended) / 1000;
    await until(async () => (await this.client.request('GET', '/health/ready')).status === 200);
    const readyAfter = since();
    await this.push(acknowledged, 20);
    let lost: string[] = [];
    await until(async () => (lost = await this.missing(acknowledged)).length === 0);
    this.options.report(`${fault.name} is over, all was found after ${Math.round(since())} s`);
    return {
      fault: fault.name,
      answers,
      lines: linesIn(this.server.logs.slice(firstLine)),
      readyAfter,
      settledAfter: since(),
      acknowledged: acknowledged.size,
      lost,
    };
  }

  /** Half over HTTP, half by topic; tried until they are acknowledged. */
  private async push(acknowledged: Set<string>, count: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      const id = `doc-${++this.pushed}`;
      await until(() => (n % 2 === 0 ? this.put(id) : this.publish(id)));
      acknowledged.add(id);
    }
  }

  private async put(id: string): Promise<boolean> {
    return (await this.client.put(id, { text: textOf(id) })).status === 202;
  }

  private async publish(id: string): Promise<boolean> {
    const event = { specversion: '1.0', id, source: '/outages', type: 'millrace.document.upsert.v1' };
    await this.producer.send(structured(`default/${id}`, { ...event, data: { text: textOf(id) } }));
    return true;
  }

  /** Each question once, side by side. What is acknowledged meanwhile counts as well. */
  private async askAll(
    answers: Record<string, Record<string, number>>,
    acknowledged: Set<string>,
  ): Promise<void> {
    const id = `doc-${++this.pushed}`;
    const questions: Record<string, () => Promise<Response>> = {
      push: () => this.open('PUT', `/v1/documents/${id}`, { text: textOf(id) }),
      search: () => this.open('POST', '/v1/search', { query: 'barley' }),
      chat: () =>
        this.open('POST', '/v1/chat/completions', {
          model: 'millrace-extractive',
          messages: [{ role: 'user', content: 'Where was the barley ground?' }],
        }),
      status: () => this.open('GET', '/v1/documents/doc-1'),
      ready: () => this.open('GET', '/health/ready'),
      live: () => this.open('GET', '/health/live'),
    };
    await Promise.all(
      Object.entries(questions).map(async ([question, ask]) => {
        const answer = await ask().then(toldOf, () => 'no answer');
        if (question === 'push' && answer === '202') acknowledged.add(id);
        const counts = (answers[question] ??= {});
        counts[answer] = (counts[answer] ?? 0) + 1;
      }),
    );
  }

  private async open(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await this.client.open(method, path, body, {}, AbortSignal.timeout(callerPatienceMs));
    await response.text();
    return response;
  }

  private async missing(acknowledged: ReadonlySet<string>): Promise<string[]> {
    const states = new Map((await this.client.list()).map(({ id, state }) => [id, state]));
    const open = [...acknowledged].filter((id) => states.get(id) !== 'indexed');
    if (open.length > 0) return open.map((id) => `${id}: ${states.get(id) ?? 'unknown'}`);
    const absent: string[] = [];
    for (const id of acknowledged) {
      const hits = await this.client.search(textOf(id), { mode: 'sparse', top_k: 100 });
      if (hits.filter(({ document_id: hit }) => hit === id).length !== 1)
        absent.push(`${id}: not found once`);
    }
    return absent;
  }
}

const textOf = (id: string): string =>
  `Sack ${id.replace('doc-', 'number')} of barley was ground at the weir within the hour.`;

const toldOf = ({ status, headers }: Response): string =>
  [429, 503].includes(status) && !headers.has('retry-after')
    ? `${status} without Retry-After`
    : String(status);

function linesIn(logs: readonly Record<string, unknown>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { level, msg } of logs) {
    if (!alarming.has(level)) continue;
    counts[String(msg)] = (counts[String(msg)] ?? 0) + 1;
  }
  return counts;
}

/** Gives up after a long time: what is missing then shows in the result. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await pause(500))
    if (await holds().catch(() => false)) return;
}
