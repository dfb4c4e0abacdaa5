import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drift, events } from '@millrace/contracts';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Client } from './client.ts';
import { Server, suiteProfile } from './harness.ts';
import { published } from './outside/event-file.ts';

const samples = 20;
const env = { MILLRACE_DRIFT_SAMPLES: String(samples), MILLRACE_DRIFT_MINUTES: '0' };

let dataDir: string;
let server: Server;
let client: Client;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-drift-'));
  server = await Server.start({ dataDir, env, keep: suiteProfile === 'standalone' });
  client = server.client();
});
afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const ofMills = (n: number): string => `The mill wheel of parish ${n} turns ${n + 3} stones by the river.`;
/** Nothing here answers it. */
const ofBread = (n: number): string => `How long does loaf ${n} of sourdough have to rise?`;
const ofStars = (n: number): string =>
  `Telescope ${n} photographs a spiral galaxy ${n + 3} light years away.`;

/** Documents and questions of one kind, as many as two windows hold. */
async function use(name: string, text: (n: number) => string): Promise<void> {
  const numbers = Array.from({ length: 2 * samples }, (_, n) => n);
  await Promise.all(numbers.map((n) => client.put(`${name}-${n}`, { text: text(n) })));
  await Promise.all(numbers.map((n) => client.waitFor(`${name}-${n}`, 'indexed', 60)));
  for (const n of numbers) await client.search(text(n));
}

async function metrics(): Promise<string> {
  const processes = (await server.processes()).map((url) => new Client(url));
  const answers = await Promise.all(processes.map((one) => one.request<string>('GET', '/metrics')));
  return answers.map(({ body }) => body).join('\n');
}

it('what is asked and pushed is watched, and when it changes that is in the metrics', async () => {
  await use('mills', ofMills);
  await use('stars', ofStars);
  for (let n = 0; n < 2 * samples; n++) await client.search(ofBread(n));
  await vi.waitFor(
    async () => {
      const text = await metrics();
      for (const kind of ['query', 'score', 'document']) {
        expect(text).toMatch(new RegExp(`millrace_drift_detected_total\\{[^}]*kind="${kind}"[^}]*\\} [1-9]`));
        expect(text).toMatch(new RegExp(`millrace_drift_p_value\\{[^}]*kind="${kind}"`));
      }
    },
    { timeout: 30_000, interval: 200 },
  );
}, 120_000);

it('and an event, in figures alone', async (context) => {
  context.skip(suiteProfile !== 'standalone', 'the log of the standalone profile is a file');
  await server.stop();
  for (const [kind, { name }] of [
    ['query', events.retrievalDrifted],
    ['score', events.retrievalDrifted],
    ['document', events.embeddingDrifted],
  ] as const) {
    const told = published(dataDir, name).map((event) => drift.parse(event));
    const [first] = told.filter((event) => event.kind === kind);
    expect(first).toMatchObject({ pValue: 0.001, threshold: 0.001, window: { samples } });
    expect(JSON.stringify(told)).not.toMatch(/mill wheel|galaxy|sourdough|default/);
  }
});
