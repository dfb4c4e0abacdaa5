import type { DocumentInput, DocumentStatus } from '@millrace/contracts';
import { engine, randomNumbers } from '@millrace/testing';
import { Client, delay } from '../client.ts';
import { withFleet } from '../fleet.ts';
import { withGoal, withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { withServer } from '../server.ts';
import { percentiles } from '../statistics.ts';
import { paragraphs } from '../synthetic-text.ts';

/** About 220 words. */
const paragraphsPerPage = 4;
const adminKey = 'an-admin-key-for-one-measurement';
const settings = {
  // One document may be all the pages.
  MILLRACE_INGESTION_MAX_CHUNKS: '100000',
  // What is not done at the end is thrown away.
  MILLRACE_DRAIN_SECONDS: '1',
};
/** Between two pages of the quiet tenant: it waits for each before it pushes the next. */
const pauseMs = 100;
const warmUp = 3;

interface Tenants {
  readonly quiet: Client;
  readonly noisy: Client;
}

interface Load {
  readonly name: string;
  readonly push: (noisy: Client) => Promise<void>;
  /** Whether the quiet tenant goes on until all of it is indexed. */
  readonly whole: boolean;
}

interface Installation {
  readonly url: string;
  readonly adminKey: string;
}

interface Profile {
  readonly name: 'standalone' | 'distributed';
  /** Starts an installation of its own, uses it, removes it. */
  readonly within: (use: (installation: Installation) => Promise<void>) => Promise<void>;
}

const standalone: Profile = {
  name: 'standalone',
  within: (use) =>
    withServer({ env: { ...settings, MILLRACE_ADMIN_KEY: adminKey } }, ({ url }) => use({ url, adminKey })),
};

const distributed: Profile = {
  name: 'distributed',
  within: (use) => withFleet({ env: settings }, ({ url, key }) => use({ url, adminKey: key })),
};

/**
 * How long the single page of a quiet tenant takes from its push to searchable, with nothing else to do and while
 * another tenant's ten thousand pages are being worked on. In rounds, alone and beside by turns: what else the machine
 * does falls on both.
 */
export const noisyNeighbour: Measurement = {
  name: 'noisy-neighbour',
  summary: 'a tenant’s single page until searchable, alone and beside 10,000 pages of another tenant',
  run: async (context) => {
    const pages = context.quick ? 1_000 : 10_000;
    const loads = [
      manyDocuments(pages),
      oneDocument(pages, false),
      oneDocument(context.quick ? 50 : 300, true),
    ];
    const profiles = [standalone, ...(engine('kafka') ? [distributed] : [])];
    if (profiles.length === 1)
      context.note('NOT RUN: distributed: it needs the engines: npm run engines -- up');
    const measured = profiles.flatMap((profile) =>
      loads.map((load): Measured => ({ profile, load, alone: [], beside: [] })),
    );
    for (let round = 1; round <= (context.quick ? 2 : 4); round++)
      for (const one of measured) {
        context.note(`round ${round}: ${nameOf(one)}`);
        await measureRound(one, context);
      }
    return measured.flatMap(figures);
  },
};

interface Measured {
  readonly profile: Profile;
  readonly load: Load;
  readonly alone: Times[];
  readonly beside: Times[];
}

const nameOf = ({ profile, load }: Measured): string => `${profile.name}, beside ${load.name}`;

const page = (random: () => number): string => paragraphs(paragraphsPerPage, random);

const manyDocuments = (pages: number): Load => ({
  name: `${pages} documents of a page`,
  whole: false,
  push: (noisy) => {
    const random = randomNumbers(17);
    const documents = Array.from({ length: pages }, (_, n): [string, DocumentInput] => [
      `page-${n}`,
      { text: page(random) },
    ]);
    return noisy.putAll(documents);
  },
});

const oneDocument = (pages: number, whole: boolean): Load => ({
  name: `one document of ${pages} pages${whole ? ', until it is searchable' : ''}`,
  whole,
  push: async (noisy) => {
    const random = randomNumbers(19);
    await noisy.put('book', { text: Array.from({ length: pages }, () => page(random)).join('\n\n') });
  },
});

function measureRound(
  { profile, load, alone, beside }: Measured,
  { quick, signal }: BenchContext,
): Promise<void> {
  return profile.within(async (installation) => {
    const { quiet, noisy } = await makeTenants(installation, signal);
    const count = quick ? 10 : 20;
    const times = await pushPages(quiet, 'alone', (n) => n < count + warmUp);
    alone.push(...times.slice(warmUp));
    let isPushed = false;
    const pushed = load.push(noisy).finally(() => (isPushed = true));
    if (load.whole) await pushed;
    else await Promise.race([pushed, delay(5_000)]);
    const goesOn = async (n: number): Promise<boolean> =>
      load.whole ? (await unfinished(noisy)) > 0 : n < count;
    beside.push(...(await pushPages(quiet, 'beside', goesOn)));
    if (!load.whole && isPushed && (await unfinished(noisy)) === 0)
      throw new Error('the noisy tenant was done before the quiet one: nothing was measured');
    // The server ends in the middle of it.
    pushed.catch(() => undefined);
  });
}

async function makeTenants({ url, adminKey }: Installation, signal: AbortSignal): Promise<Tenants> {
  const admin = new Client(url, signal, adminKey);
  const make = async (tenant: string): Promise<Client> => {
    await admin.json('POST', '/v1/admin/tenants', { name: tenant });
    const { key } = await admin.json<{ key: string }>('POST', '/v1/admin/keys', {
      tenant,
      name: tenant,
      rights: ['read', 'write', 'admin'],
    });
    return new Client(url, signal, key);
  };
  return { quiet: await make('quiet'), noisy: await make('noisy') };
}

interface Times {
  readonly answered: number;
  /** What comes before the answer is in it. */
  readonly searchable: number;
  /** Until each state was noted, since the one before. */
  readonly stages: Readonly<Record<Stage, number>>;
}

const stages = ['parsed', 'embedded', 'indexed'] as const;
type Stage = (typeof stages)[number];

/** How long each stage took, as the history says. */
function stageTimes(history: DocumentStatus['history']): Times['stages'] {
  const at = history.map((entry) => Date.parse(entry.at));
  const [parsed = 0, embedded = 0, indexed = 0] = at.slice(1).map((time, n) => time - at[n]!);
  return { parsed, embedded, indexed };
}

/** One page after the other. */
async function pushPages(
  client: Client,
  prefix: string,
  goesOn: (n: number) => boolean | Promise<boolean>,
): Promise<Times[]> {
  const random = randomNumbers(prefix.length);
  const times: Times[] = [];
  for (let n = 0; await goesOn(n); n++) {
    const text = page(random);
    const pushed = performance.now();
    await client.put(`${prefix}-${n}`, { text });
    const accepted = performance.now();
    const { history } = await untilIndexed(client, `${prefix}-${n}`);
    const searchable = performance.now() - pushed;
    times.push({ answered: accepted - pushed, searchable, stages: stageTimes(history) });
    await delay(pauseMs);
  }
  return times;
}

/** However long it takes. */
async function untilIndexed(client: Client, id: string): Promise<DocumentStatus> {
  for (;;) {
    const status = await client.indexed(id);
    if (status.state === 'indexed') return status;
    if (status.state === 'dead-lettered') throw new Error(`${id}: ${status.reason?.code}`);
  }
}

async function unfinished(client: Client): Promise<number> {
  const states = await client.states();
  return ['accepted', 'parsed', 'embedded'].reduce((sum, state) => sum + (states[state] ?? 0), 0);
}

function figures(measured: Measured): Case[] {
  const { alone, beside: noisy } = measured;
  const name = nameOf(measured);
  const of = (times: readonly Times[], what: 'answered' | 'searchable') =>
    percentiles(times.map((one) => one[what]));
  const [idle, busy] = [of(alone, 'searchable'), of(noisy, 'searchable')];
  const ratio = (at: 'p50' | 'p95') =>
    withGoal(
      {
        ...{ case: `${name}: ${at}`, value: busy[at], unit: 'ms', ...busy },
        ...{ peer: 'alone', peer_value: idle[at], ratio: busy[at] / idle[at] },
      },
      { sense: '<=', limit: 2 },
      'ratio',
    );
  const answered = of(noisy, 'answered');
  const slowest = Math.max(...noisy.map(({ searchable }) => searchable));
  return [
    ratio('p50'),
    ratio('p95'),
    withoutGoal({ case: `${name}: slowest`, value: slowest, unit: 'ms', n: noisy.length }),
    ...stages.map((stage) => {
      const spent = (times: readonly Times[]) => percentiles(times.map((one) => one.stages[stage]));
      return withoutGoal({
        ...{ case: `${name}: ${stage}`, value: spent(noisy).p50, unit: 'ms', ...spent(noisy) },
        ...{ peer: 'alone', peer_value: spent(alone).p50 },
      });
    }),
    withoutGoal({
      ...{ case: `${name}: push answered`, value: answered.p50, unit: 'ms', ...answered },
      ...{ peer: 'alone', peer_value: of(alone, 'answered').p50 },
    }),
  ];
}
