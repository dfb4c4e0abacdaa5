import { setTimeout as pause } from 'node:timers/promises';
import { services } from '@millrace/contracts';
import type { Client } from '../client.ts';
import { Server, type Member } from '../harness.ts';
import { Callers, textOf, type Answers } from './callers.ts';

export interface RollingRestartOptions {
  readonly callers: number;
  readonly replicas: number;
  readonly report: (line: string) => void;
}

export interface RollingRestartResult {
  readonly answers: Answers;
  /** Milliseconds of each request. */
  readonly durations: readonly number[];
  /** Seconds from SIGTERM until the successor was ready, by process. */
  readonly restarts: Readonly<Record<string, number>>;
  /** Milliseconds from an acknowledged push until the document could be found, one after the other all the while. */
  readonly searchable: readonly number[];
  readonly acknowledged: number;
  readonly lost: readonly string[];
}

/** What a load balancer waits between taking an address out and the signal: Kubernetes does it by a `preStop` hook. */
const outOfRotationMs = 2_000;
/** A successor is ready by then, or never. */
const patienceMs = 180_000;

/**
 * Every process of the distributed profile is asked to stop and replaced, one after the other, while callers go on. Each
 * service has replicas, the gateway too, and callers use the addresses of gateways that are in rotation.
 */
export class RollingRestart {
  private server!: Server;
  private rotation: readonly Client[] = [];
  private readonly searchable: number[] = [];
  private done = false;

  constructor(private readonly options: RollingRestartOptions) {}

  async run(): Promise<RollingRestartResult> {
    const { callers: count, replicas } = this.options;
    const each = Object.fromEntries([...services, 'gateway'].map((name) => [name, replicas]));
    this.server = await Server.start({ profile: 'distributed', replicas: each });
    try {
      this.rotation = await this.gateways();
      const callers = new Callers(() => this.rotation);
      callers.start(count);
      const probing = this.probe();
      await pause(5_000);
      const restarts = await this.restartAll();
      await pause(5_000);
      this.done = true;
      const [probes] = await Promise.all([probing, callers.stop()]);
      const { durations, pushed } = callers;
      const answers = { ...callers.answers, probe: probes };
      const { searchable } = this;
      const lost = await this.missing(pushed);
      return { answers, durations, restarts, searchable, acknowledged: pushed.length, lost };
    } finally {
      await this.server.stop();
    }
  }

  private async restartAll(): Promise<Record<string, number>> {
    const seconds: Record<string, number> = {};
    for (const member of await this.server.fleet()) {
      seconds[member.name] = await this.restart(member);
      this.options.report(`${member.name} was replaced in ${seconds[member.name]!.toFixed(1)} s`);
      await pause(1_000);
    }
    return seconds;
  }

  private async restart(member: Member): Promise<number> {
    if (member.app === 'gateway') {
      const address = addressOf(member);
      this.rotation = this.rotation.filter(({ url }) => url !== address);
      await pause(outOfRotationMs);
    }
    const began = performance.now();
    process.kill(member.pid, 'SIGTERM');
    await this.untilReplaced(member);
    if (member.app === 'gateway') this.rotation = await this.gateways();
    return (performance.now() - began) / 1000;
  }

  private async untilReplaced({ name, pid }: Member): Promise<void> {
    for (const end = Date.now() + patienceMs; Date.now() < end; await pause(200)) {
      const now = (await this.server.fleet()).find((each) => each.name === name);
      if (!now || now.pid === pid) continue;
      const ready = await fetch(`${addressOf(now)}/health/ready`).catch(() => undefined);
      if (ready?.ok) return;
    }
    throw new Error(`${name} did not come back`);
  }

  /** One document after the other, from its push until it can be found. */
  private async probe(): Promise<Answers[string]> {
    const outcomes: Record<string, number> = {};
    for (let n = 0; !this.done; n++) {
      const began = performance.now();
      const outcome = await this.pushed(`probe-${n}`).catch((error: unknown) => (error as Error).message);
      if (outcome === 'ok') this.searchable.push(performance.now() - began);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      await pause(300);
    }
    return outcomes;
  }

  /** A control service that stops answers those who wait with the state so far: they ask again. */
  private async pushed(id: string): Promise<string> {
    const { status } = await this.rotation[0]!.put(id, { text: `${id} passes by.` });
    if (status !== 202) return `${status}`;
    for (const end = Date.now() + patienceMs; Date.now() < end;) {
      const { state } = await this.rotation[0]!.waitFor(id, 'indexed', 60);
      if (state === 'indexed') return 'ok';
      if (state === undefined || state === 'dead-lettered') return `${state}`;
    }
    return 'never';
  }

  private async gateways(): Promise<Client[]> {
    const fleet = await this.server.fleet();
    return fleet.filter(({ app }) => app === 'gateway').map((each) => this.server.at(addressOf(each)));
  }

  private async missing(pushed: readonly number[]): Promise<string[]> {
    const client = this.server.client();
    const lost: string[] = [];
    for (const n of pushed) {
      const { state } = await client.waitFor(`doc-${n}`, 'indexed', 60);
      const hits = await client.search(textOf(n), { mode: 'sparse', top_k: 20 });
      const own = hits.filter(({ document_id: id }) => id === `doc-${n}`);
      if (own.length !== 1) lost.push(`doc-${n}: ${state}, found ${own.length} times`);
    }
    return lost;
  }
}

const addressOf = ({ port }: Member): string => `http://127.0.0.1:${port}`;
