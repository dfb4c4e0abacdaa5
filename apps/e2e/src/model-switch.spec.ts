import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ModelPlan } from '@millrace/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { Server, suiteProfile as profile } from './harness.ts';

const timeout = 120_000;
const [before, after] = ['all-minilm-l6-v2', 'bge-small-en-v1.5'] as const;
/** Enough to be compared among. */
const documents = 60;
/** By then every replica answers by the model that serves. */
const settledMs = 1_200;

const options = {
  env: { MILLRACE_EMBEDDING_SECOND_MODEL_PERCENT: '100', MILLRACE_CONTROL_MODEL_SWITCH_SECONDS: '60' },
};

let dataDir: string;
let server: Server;
let client: Client;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-switch-'));
  server = await Server.start({ ...options, dataDir, keep: profile === 'standalone' });
  client = server.client();
  for (let n = 0; n < documents; n++) await client.put(`still-${n}`, { text: textOf(n) });
  await Promise.all(Array.from({ length: documents }, (_, n) => client.waitFor(`still-${n}`, 'indexed', 60)));
}, timeout);
afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const things = ['mill', 'weir', 'wheel', 'barn', 'river', 'meadow', 'stone', 'sluice', 'bridge', 'orchard'];
const doings = ['stands by', 'was built before', 'lies behind', 'feeds', 'is older than', 'belongs to'];

/** A sentence like no other. */
const textOf = (n: number): string => {
  const [thing, other, doing] = [things[n % 10]!, things[(n * 7 + 3) % 10]!, doings[n % 6]!];
  return `In the year ${1500 + n} the ${thing} of parish ${n * 37} ${doing} the ${other} number ${n * 11}.`;
};

/** Sentences that are whole documents prove nothing, for they find themselves: so somebody judged. */
const judgements = Array.from({ length: 20 }, (_, n) => ({ query: textOf(n), relevant: [`still-${n}`] }));

/** By meaning alone: of two different models question and text are strangers, with a score around 0. */
async function isFound(id: string, text: string): Promise<boolean> {
  const [first] = await client.search(text, { mode: 'dense', top_k: 3 });
  return first?.document_id === id && first.score > 0.7;
}

async function planned(method: string, path: string, body?: unknown): Promise<ModelPlan> {
  const { status, body: plan } = await client.request<ModelPlan>(method, `/v1/admin/models${path}`, body);
  expect([200, 202]).toContain(status);
  return plan;
}

async function untilPlan(fits: (plan: ModelPlan) => boolean): Promise<ModelPlan> {
  for (;;) {
    const plan = await planned('GET', '');
    if (fits(plan)) return plan;
    await pause(200);
  }
}

/** Asks and writes without a pause until told to stop. */
class Traffic {
  readonly faults: string[] = [];
  questions = 0;
  /** What each changing document said last, once that was indexed. */
  readonly last = new Map<string, string>();
  readonly gone: string[] = [];
  private isOver = false;
  private readonly running = [this.ask(), this.ask(), this.write()];

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.running);
  }

  private async ask(): Promise<void> {
    for (let n = 0; !this.isOver; n = (n + 7) % documents) {
      const found = await isFound(`still-${n}`, textOf(n)).catch((error: unknown) => String(error));
      this.questions += 1;
      if (found !== true) this.faults.push(`still-${n}: ${String(found)}`);
    }
  }

  private async write(): Promise<void> {
    for (let n = 0; !this.isOver; n++) {
      const id = `changing-${n % 5}`;
      const text = textOf(1_000 + n);
      await client.put(id, { text });
      const { state } = await client.waitFor(id, 'indexed');
      if (state !== 'indexed') this.faults.push(`${id}: ${state}`);
      this.last.set(id, text);
      const passing = `passing-${n}`;
      await client.put(passing, { text: textOf(2_000 + n) });
      await client.delete(passing);
      this.gone.push(passing);
      await pause(100);
    }
  }
}

/** All that should be found is, and nothing else. */
async function expectWhole({ last, gone }: Traffic): Promise<void> {
  const all = [
    ...Array.from({ length: documents }, (_, n) => [`still-${n}`, textOf(n)] as const),
    ...[...last].map(([id, text]) => [id, text] as const),
  ];
  for (const [id, text] of all) expect(await isFound(id, text), `${id}: ${text}`).toBe(true);
  for (const [n, id] of gone.entries()) {
    await client.waitFor(id, 'deleted');
    const found = await client.search(textOf(2_000 + n), { mode: 'hybrid', top_k: 100 });
    expect(found.map(({ document_id }) => document_id)).not.toContain(id);
  }
}

/** As a power cut would: all of the standalone profile, a few processes of the distributed one. */
async function crash(): Promise<void> {
  if (profile === 'standalone') {
    await server.kill();
    server = await Server.start({ ...options, dataDir });
    client = server.client();
    return;
  }
  for (let n = 0; n < 3; n++) await server.killOne(Math.random);
  while ((await client.request('GET', '/health/ready').catch(() => undefined))?.status !== 200)
    await pause(100);
}

describe('switching the embedding model', { timeout }, () => {
  it('fails no question, mixes no two models and loses no change, back again as well', async () => {
    const traffic = new Traffic();
    expect(await planned('POST', '/switch', { to: after, judgements })).toMatchObject({
      serving: before,
      next: { model: after, phase: 'filling', documents: expect.any(Number) as number },
    });
    const plan = await untilPlan(({ serving }) => serving === after);
    expect(plan).toMatchObject({
      previous: { model: before, comparison: { found_next: expect.any(Number) as number } },
    });
    await pause(2_000);
    await planned('POST', '/serve', { model: before });
    await pause(2_000);
    await planned('POST', '/serve', { model: after });
    await traffic.end();
    expect(traffic.faults).toEqual([]);
    expect(traffic.questions).toBeGreaterThan(50);
    await expectWhole(traffic);
    await planned('POST', '/serve', { model: before });
    await pause(settledMs);
    await expectWhole(traffic);
  });

  it('goes back to nothing that is older, or open to more, than what is said to be indexed', async () => {
    const ids = Array.from({ length: 60 }, (_, n) => `wages-${n}`);
    const put = (edition: string, more: object) =>
      Promise.all(
        ids.map((id, n) =>
          client.put(id, { text: `Wages of the ${edition} edition: ${textOf(n)}`, ...more }),
        ),
      );
    const indexed = () => Promise.all(ids.map((id) => client.waitFor(id, 'indexed', 60)));
    await put('open', {});
    await indexed();
    await put('closed', { acl: ['group:board'] });
    await indexed();
    await planned('POST', '/serve', { model: after });
    await pause(settledMs);
    for (const id of ids) {
      const found = await client.search('wages of an edition', { filter: { id }, top_k: 3 });
      expect([id, found.map(({ text }) => text)]).toEqual([id, []]);
    }
    await planned('POST', '/serve', { model: before });
  });

  it('ends with one index when the way back is given up', async () => {
    const { serving, next, previous } = await planned('DELETE', `/${after}`);
    expect([serving, next, previous]).toEqual([before, undefined, undefined]);
    expect(await isFound('still-3', textOf(3))).toBe(true);
    const nothing = await client.request('DELETE', `/v1/admin/models/${after}`);
    expect(nothing.status).toBe(404);
  });

  it('goes on from wherever it was after a crash', async () => {
    await planned('POST', '/switch', { to: after, judgements });
    for (const waits of [300, 5_500, 700, 400, 300, 1_000]) {
      await pause(waits);
      await crash();
    }
    const { previous } = await untilPlan(({ serving }) => serving === after);
    expect(previous?.model).toBe(before);
    for (let n = 0; n < documents; n++) expect(await isFound(`still-${n}`, textOf(n))).toBe(true);
    await planned('POST', '/serve', { model: before });
    await planned('DELETE', `/${after}`);
  });

  it('is refused for a model that is not there, and for one that was never prepared', async () => {
    const unknown = await client.request('POST', '/v1/admin/models/switch', { to: 'no-such-model' });
    expect([unknown.status, unknown.body]).toMatchObject([404, { error: { code: 'model_not_found' } }]);
    const early = await client.request('POST', '/v1/admin/models/serve', { model: after });
    expect([early.status, early.body]).toMatchObject([409, { error: { code: 'model_not_ready' } }]);
  });
});
