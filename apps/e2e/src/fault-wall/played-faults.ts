import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { events, type EventData } from '@millrace/contracts';
import {
  faultPatience,
  faults,
  MockBackEnd,
  playNamedFault,
  told,
  type ClientView,
  type Fault,
  type UsageRecorded,
} from '@millrace/testing';
import type { Client } from '../client.ts';
import { Server, type Profile } from '../harness.ts';
import { published } from '../outside/event-file.ts';
import { viewOfStream, viewOfWhole } from './client-views.ts';

export const ways = ['stream', 'whole'] as const;
export type Way = (typeof ways)[number];

/** One row of the table, as it was seen. */
export interface PlayedFault extends Readonly<Record<Way, Played>> {
  readonly fault: Fault;
}

export interface Played {
  readonly view: ClientView;
  /** One, if all is well; none can be read in the distributed profile. */
  readonly records: readonly UsageRecorded[];
}

/** Faults under way at a time: most of their time is spent waiting. */
const atATime = 4;

/** Plays every fault to a server, which is asked for a stream and for the answer whole. */
export async function playFaults(profile: Profile): Promise<PlayedFault[]> {
  const usual = await playTo(profile, false);
  return [...usual, ...(await playTo(profile, true))];
}

async function playTo(profile: Profile, untrusted: boolean): Promise<PlayedFault[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-fault-wall-'));
  const backEnd = new MockBackEnd(playNamedFault, { untrusted });
  const env = settings(await backEnd.listen());
  const keep = profile === 'standalone';
  const server = await Server.start({ profile, dataDir, keep, env });
  const chosen = faults.filter((fault) => (fault.untrusted ?? false) === untrusted);
  try {
    const views = await inTurn(chosen, (fault) => viewsOf(server.client(), fault));
    await server.stop();
    const records = keep ? recordsIn(dataDir) : new Map<string, UsageRecorded[]>();
    return views.map(({ fault, ...view }) => {
      const played = (way: Way): Played => ({
        view: view[way],
        records: records.get(requestId(fault, way)) ?? [],
      });
      return { fault, stream: played('stream'), whole: played('whole') };
    });
  } finally {
    await server.stop();
    await backEnd.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const settings = (url: string) => ({
  MILLRACE_LLM_BASE_URL: url,
  MILLRACE_LLM_FIRST_BYTE_TIMEOUT_MS: String(faultPatience.firstByteMs),
  MILLRACE_LLM_IDLE_TIMEOUT_MS: String(faultPatience.idleMs),
  MILLRACE_GENERATION_MAX_SECONDS: String(faultPatience.answerSeconds),
});

async function viewsOf(client: Client, fault: Fault) {
  const question = (way: Way) => ({ model: fault.name, requestId: requestId(fault, way) });
  const [stream, whole] = await Promise.all([
    viewOfStream(client, question('stream')),
    viewOfWhole(client, question('whole')),
  ]);
  return { fault, stream, whole };
}

const requestId = ({ name }: Fault, way: Way): string => `${name.replaceAll(/[^\w.-]+/g, '-')}.${way}`;

/** By request. */
function recordsIn(dataDir: string): Map<string, UsageRecorded[]> {
  const records = new Map<string, UsageRecorded[]>();
  for (const event of published(dataDir, events.answerCompleted.name)) {
    const { requestId, outcome, usage } = event as EventData<typeof events.answerCompleted>;
    const { completionTokens, estimated } = usage;
    const record = { outcome, completionTokens, estimated } as UsageRecorded;
    records.set(requestId, [...(records.get(requestId) ?? []), record]);
  }
  return records;
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  const worker = async (): Promise<void> => {
    for (const [at, item] of waiting) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return results;
}

/** Answers that end as if they were complete and are not all that there was to tell, whatever the table says of them. */
export const silentTruncations = (played: readonly PlayedFault[]): string[] =>
  played.flatMap(({ fault, ...seen }) =>
    ways
      .filter((way) => seen[way].view.end === 'stop' && seen[way].view.text !== told())
      .map((way) => `${fault.name}, ${way}`),
  );
