import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ChildProcess } from 'node:child_process';
import { RedisQuotaLedger } from '@millrace/adapters/redis';
import type { QuotaLimit } from '@millrace/ports';
import { engine, noEngine } from '@millrace/testing';
import { withGoal, withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { MeteredModel } from '../metered-model.ts';
import type { ReplicaOptions } from '../quota-replica.ts';
import { startRole } from '../roles.ts';
import { mean, percentiles } from '../statistics.ts';

const redis = engine('redis')?.url;

export const quota: Measurement = {
  name: 'quota',
  summary:
    'a day’s tokens, asked for by 200 callers at once at four processes, one of which is killed: what is used beyond them',
  unavailable: () => (redis ? undefined : noEngine('redis')),
  run: async (context) => {
    const runs: Outcome[] = [];
    for (let n = 1; n <= (context.quick ? 1 : 3); n++) {
      context.note(`run ${n}`);
      runs.push(await new QuotaRun(context).run());
    }
    return [...compared(runs), await reserving(context)];
  },
};

const processes = 4;
const callers = 200;
/** `Count.`, as it is estimated, and what is asked for beside it. */
const promptTokens = 2;
const answerTokens = 60;
const reservation = promptTokens + answerTokens;

const question = {
  messages: [{ role: 'user', content: 'Count.' }],
  ...{ stream: true, max_completion_tokens: answerTokens, millrace: { retrieval: false } },
};

interface Outcome {
  readonly limit: number;
  readonly used: number;
  readonly answers: number;
  readonly refusals: number;
  /** Answers that broke off when their process was killed, and askers who found it gone. */
  readonly broken: number;
  readonly failed: number;
}

function compared(runs: readonly Outcome[]): Case[] {
  const total = (of: (run: Outcome) => number): number => runs.reduce((sum, run) => sum + of(run), 0);
  const n = total(({ answers }) => answers);
  const over = Math.max(...runs.map(({ limit, used }) => Math.max(0, used - limit)));
  const left = mean(runs.map(({ limit, used }) => (100 * Math.max(0, limit - used)) / limit));
  return [
    withGoal(
      { case: `used beyond the limit, the most of ${runs.length} runs`, value: over, unit: 'tokens', n },
      { sense: '<=', limit: reservation },
    ),
    withoutGoal({ case: 'left of the limit', value: left, unit: '%', n }),
    withoutGoal({
      case: 'answers broken off by the kill',
      value: total(({ broken }) => broken),
      unit: 'answers',
      n,
    }),
    withoutGoal({ case: 'answered otherwise', value: total(({ failed }) => failed), unit: 'answers', n }),
    withoutGoal({ case: 'refusals', value: total(({ refusals }) => refusals), unit: 'answers', n }),
  ];
}

/** All callers ask until nothing is left. */
class QuotaRun {
  private readonly model = new MeteredModel(promptTokens);
  private readonly replicas: { readonly url: string; readonly child: ChildProcess }[] = [];
  private readonly limit: number;
  private refusals = 0;
  private broken = 0;
  private failed = 0;
  private lastAnswer = 0;

  constructor(private readonly context: BenchContext) {
    this.limit = context.quick ? 15_000 : 40_000;
  }

  async run(): Promise<Outcome> {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-quota-'));
    try {
      await this.start(folder);
      this.lastAnswer = performance.now();
      await Promise.all([this.kill(), ...Array.from({ length: callers }, (_, n) => this.ask(n))]);
      const { limit, refusals, broken, failed } = this;
      return { limit, used: this.model.tokens, answers: this.model.answers, refusals, broken, failed };
    } finally {
      for (const { child } of this.replicas) child.kill('SIGKILL');
      await this.model.close();
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async start(folder: string): Promise<void> {
    const common = {
      ...{ redis: redis!, prefix: `bench-quota-${randomUUID()}:`, model: await this.model.listen() },
      quota: { tokens_per_day: this.limit },
    };
    for (let n = 0; n < processes; n++) {
      const options: ReplicaOptions = { ...common, dataDir: join(folder, String(n)) };
      const child = startRole('quota-replica', JSON.stringify(options));
      const [address] = (await once(child, 'message')) as [string];
      this.replicas.push({ url: address, child });
    }
  }

  /** In the middle of it, and of some dozen answers. */
  private async kill(): Promise<void> {
    while (this.model.tokens < this.limit / 3) await wait(5, undefined, { signal: this.context.signal });
    const [first] = this.replicas.splice(0, 1);
    first!.child.kill('SIGKILL');
  }

  private async ask(n: number): Promise<void> {
    while (!this.isOver) {
      const { url } = this.replicas[n % this.replicas.length]!;
      const status = await this.answer(url).catch(() => 0);
      this.context.signal.throwIfAborted();
      if (status === 200) this.lastAnswer = performance.now();
      else if (status === 429) this.refusals += 1;
      else if (status === 0) this.broken += 1;
      else this.failed += 1;
      if (status !== 200) await wait(300 + Math.random() * 600);
    }
  }

  private async answer(base: string): Promise<number> {
    const response = await fetch(`${base}/v1/chat/completions`, {
      ...{ method: 'POST', body: JSON.stringify(question), signal: this.context.signal },
      headers: { 'content-type': 'application/json' },
    });
    await response.text();
    return response.status;
  }

  /** Nothing is under way, and nobody was let in for a while. */
  private get isOver(): boolean {
    return this.model.underWay === 0 && performance.now() - this.lastAnswer > 1_500;
  }
}

/** The way to Redis and back, twice. */
async function reserving({ quick, note }: BenchContext): Promise<Case> {
  note('reservations one after the other');
  const ledger = RedisQuotaLedger.open({ url: redis!, prefix: `bench-quota-${randomUUID()}:` });
  const limits = (['requests', 'tokens', 'spend'] as const).flatMap((measure): QuotaLimit[] =>
    [60_000, 86_400_000].map((windowMs) => ({ measure, windowMs, max: 2 ** 40 })),
  );
  const cost = { requests: 1, tokens: reservation, spend: 5 };
  const took: number[] = [];
  try {
    for (let n = 0; n < (quick ? 500 : 5_000); n++) {
      const before = performance.now();
      const made = await ledger.reserve('bench', cost, limits, 60_000);
      took.push(performance.now() - before);
      if (made.outcome === 'granted') await ledger.settle(made.grant, { ...cost, tokens: 10 });
    }
  } finally {
    await ledger.close();
  }
  const spread = percentiles(took);
  return withoutGoal({ case: 'a reservation under six limits', value: spread.p50, unit: 'ms', ...spread });
}
