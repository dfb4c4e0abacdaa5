import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCli, startCli } from '../testing/built-cli.ts';
import { FakeServer, json } from '../testing/fake-server.ts';

let server: FakeServer;

beforeAll(async () => {
  await buildCli();
  server = await FakeServer.start();
});
afterAll(() => server.stop());
beforeEach(() => server.reset());

const cli = (...args: string[]) => startCli(['--url', server.url, 'models', ...args], tmpdir()).ended;

const comparison = {
  ...{ sentences: 200, found_serving: 0.91, found_next: 0.93, questions: 12, overlap: 0.7 },
  ...{ millis_serving: 5.2, millis_next: 9.8 },
};
const next = (phase: string, more: object = {}) => ({
  ...{ model: 'b', phase, started_at: '2026-01-01T00:00:00.000Z', hold: false, passes: 0 },
  ...{ looked_at: 64, missing: 64, documents: 150, behind: 0, ...more },
});
const previous = { model: 'a', until: '2026-01-02T00:00:00.000Z', behind: 3, comparison };

describe('models switch', () => {
  it('follows until the new model serves, and says what the comparison was', async () => {
    const plans = [
      { serving: 'a', next: next('filling', { looked_at: 128 }) },
      { serving: 'b', previous },
    ];
    server
      .on('POST', '/v1/admin/models/switch', (_, response) =>
        json(response, { serving: 'a', next: next('filling') }, 202),
      )
      .on('GET', '/v1/admin/models', (_, response) =>
        json(response, plans.length > 1 ? plans.shift()! : plans[0]!),
      );
    const { code, stdout } = await cli('switch', '--to', 'b');
    expect(code).toBe(0);
    expect(JSON.parse(server.bodies[0]!)).toEqual({ to: 'b' });
    expect(stdout).toContain('b serves.\na is kept up to date until 2026-01-02');
    expect(stdout).toContain('3 documents that are indexed have yet to follow into the index of a.');
    expect(stdout).toContain('Of 200 sentences b found the document of 93.0 %');
  });

  it('ends with 1 when the model is refused, and says what can be done', async () => {
    server.on('POST', '/v1/admin/models/switch', (_, response) =>
      json(response, { serving: 'a', next: next('refused', { missing: 0, comparison }) }, 202),
    );
    const { code, stdout } = await cli('switch', '--to', 'b');
    expect(code).toBe(1);
    expect(stdout).toContain('a serves.\nb was refused: it finds less. millrace models serve b --force');
  });

  it('says of a file that was replaced that the model is to be prepared again', async () => {
    const refused = next('refused', { missing: 0, why: 'file_replaced' });
    server.on('POST', '/v1/admin/models/switch', (_, response) =>
      json(response, { serving: 'a', next: refused }, 202),
    );
    expect((await cli('switch', '--to', 'b')).stdout).toContain('then millrace models switch --to b.');
  });

  it('ends with 1 when nothing speaks for the model, and says what can be done', async () => {
    const unproven = next('unproven', { missing: 0, why: 'too_little_to_ask', comparison });
    server.on('POST', '/v1/admin/models/switch', (_, response) =>
      json(response, { serving: 'a', next: unproven }, 202),
    );
    const { code, stdout } = await cli('switch', '--to', 'b');
    expect(code).toBe(1);
    expect(stdout).toContain('b is ready, but there is too little to ask');
    expect(stdout).toContain('millrace models serve b, or millrace models switch --to b --judgements FILE');
  });

  it('sends questions with judgements, and says what they told', async () => {
    const means = { ndcg_serving: 0.4, ndcg_next: 0.45, ndcg_dense_serving: 0.3, ndcg_dense_next: 0.35 };
    const judged = { ...comparison, judged: 1, ...means };
    server.on('POST', '/v1/admin/models/switch', (_, response) =>
      json(response, { serving: 'b', previous: { ...previous, comparison: judged } }, 202),
    );
    await withFile('{"query": "what turns it?", "relevant": ["doc"]}\n\n', async (file) => {
      const { code, stdout } = await cli('switch', '--to', 'b', '--judgements', file);
      expect(code).toBe(0);
      const judgements = [{ tenant: 'default', query: 'what turns it?', relevant: ['doc'] }];
      expect(JSON.parse(server.bodies[0]!)).toEqual({ to: 'b', judgements });
      expect(stdout).toContain(
        "Of 1 judged questions its nDCG@10 was 0.450, the other's 0.400; by meaning alone 0.350 and 0.300.",
      );
    });
  });

  it.each([
    ['{"query": "what turns it?", "relevant": ["doc"]}\n{"query": ""}', 'line 2'],
    ['{"query": ', 'line 1'],
    ['', '0 questions'],
  ])('sends nothing where a judgement cannot be read: %j', async (content, expected) => {
    await withFile(content, async (file) => {
      const { code, stderr } = await cli('switch', '--to', 'b', '--judgements', file);
      expect([code, stderr]).toEqual([2, expect.stringContaining(expected)]);
      expect(server.bodies).toEqual([]);
    });
  });

  it('does not wait for one that is to be held, and shows how to go on', async () => {
    const ready = next('ready', { hold: true });
    server.on('POST', '/v1/admin/models/switch', (_, response) =>
      json(response, { serving: 'a', next: ready }, 202),
    );
    const { code, stdout } = await cli('switch', '--to', 'b', '--hold');
    expect([code, stdout]).toEqual([0, expect.stringContaining('b is ready: millrace models serve b.')]);
    await cli('switch', '--to', 'b', '--no-hold', '--detach');
    const sent = server.bodies.map((body) => JSON.parse(body) as unknown);
    expect(sent).toEqual([
      { to: 'b', hold: true },
      { to: 'b', hold: false },
    ]);
  });
});

describe('models plan, serve and retire', () => {
  it('says how far the next model is, how fast, and until when', async () => {
    const progress = { done: 60, left: 90, per_second: 3, done_at: '2026-01-01T00:00:30.000Z' };
    server.on('GET', '/v1/admin/models', (_, response) =>
      json(response, { serving: 'a', next: next('filling', { behind: 4, progress }) }),
    );
    expect((await cli('plan')).stdout).toBe(
      'a serves.\nb is being prepared: 64 of 150 documents have been asked for; ' +
        '60 done, 90 to go, 3.0 a second, until about 2026-01-01T00:00Z.\n',
    );
  });

  it('ask for one thing each, and show the plan', async () => {
    const plan = { serving: 'a' };
    for (const [method, path] of [
      ['GET', '/v1/admin/models'],
      ['POST', '/v1/admin/models/serve'],
      ['DELETE', '/v1/admin/models/b'],
    ] as const)
      server.on(method, path, (_, response) => json(response, plan));
    for (const args of [['plan'], ['serve', 'a', '--force'], ['retire', 'b']]) {
      const { code, stdout } = await cli(...args);
      expect([code, stdout.trim()]).toEqual([0, 'a serves.']);
    }
    expect(server.asked).toEqual([
      'GET /v1/admin/models',
      'POST /v1/admin/models/serve',
      'DELETE /v1/admin/models/b',
    ]);
    expect(JSON.parse(server.bodies.find((body) => body !== '')!)).toEqual({ model: 'a', force: true });
  });
});

async function withFile(content: string, use: (file: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-judgements-'));
  try {
    await writeFile(join(folder, 'questions.jsonl'), content);
    await use(join(folder, 'questions.jsonl'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
