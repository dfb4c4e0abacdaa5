import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { events, type EventData } from '@millrace/contracts';
import {
  faultPatience,
  MockBackEnd,
  playNamedFault,
  playSound,
  told,
  withAnother,
  type ClientView,
  type Fault,
  type Outcome,
  type UsageRecorded,
} from '@millrace/testing';
import type { Client } from '../client.ts';
import { Server, type Profile } from '../harness.ts';
import { published } from '../outside/event-file.ts';
import { answerRoutes, type AnswerRoute } from './answer-routes.ts';
import { viewOfStream, viewOfWhole } from './client-views.ts';

export const ways = ['stream', 'whole'] as const;
export type Way = (typeof ways)[number];

/** Whether another back end stands behind the one at fault. */
export const settings = ['alone', 'withAnother'] as const;
export type Setting = (typeof settings)[number];

/** A row of the table, and the route behind which it is played. */
export interface RoutedFault {
  readonly route: AnswerRoute;
  readonly fault: Fault;
}

/** The same, as it was seen. */
export type PlayedFault = RoutedFault & Readonly<Record<Setting, Readonly<Record<Way, Played>>>>;

export const routedFaults: readonly RoutedFault[] = answerRoutes.flatMap((route) =>
  route.faults.map((fault) => ({ route, fault })),
);

/** A model of its own for each route: what is known of a back end from one must not tell on another. */
const modelOf = ({ route, fault }: RoutedFault): string => `${route.name}/${fault.name}`;

export const nameOf = ({ route, fault }: RoutedFault): string => `${route.name}: ${fault.name}`;

export interface Played {
  readonly view: ClientView;
  /** One, if all is well; none can be read in the distributed profile. */
  readonly records: readonly UsageRecorded[];
}

/** What the table says of it. */
export const expected = (fault: Fault, setting: Setting): Outcome =>
  setting === 'alone' ? fault.alone : withAnother(fault);

/** Faults under way at a time: most of their time is spent waiting. */
const atATime = 4;

/** Plays every fault to a server, which is asked for a stream and for the answer whole. */
export async function playFaults(profile: Profile): Promise<PlayedFault[]> {
  const usual = await playTo(profile, false);
  return [...usual, ...(await playTo(profile, true))];
}

async function playTo(profile: Profile, untrusted: boolean): Promise<PlayedFault[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-fault-wall-'));
  const faulty = new MockBackEnd(playNamedFault, { untrusted });
  const sound = new MockBackEnd(playSound);
  const chosen = routedFaults.filter(({ fault }) => (fault.untrusted ?? false) === untrusted);
  const env = environment(await faulty.listen(), await sound.listen(), chosen);
  const keep = profile === 'standalone';
  const server = await Server.start({ profile, dataDir, keep, env });
  try {
    const views = await inTurn(chosen, (one) => viewsOf(server.client(), one));
    await server.stop();
    const records = keep ? recordsIn(dataDir) : new Map<string, UsageRecorded[]>();
    return views.map(({ route, fault, views }) => {
      const played = (setting: Setting, way: Way): Played => {
        const { id, view } = views.find((one) => one.setting === setting && one.way === way)!;
        return { view, records: records.get(id) ?? [] };
      };
      const both = (setting: Setting) => ({
        stream: played(setting, 'stream'),
        whole: played(setting, 'whole'),
      });
      return { route, fault, alone: both('alone'), withAnother: both('withAnother') };
    });
  } finally {
    await server.stop();
    await Promise.all([faulty.close(), sound.close()]);
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** The one at fault is set up twice, so that what is known of the one does not tell on the other. */
const environment = (faulty: string, sound: string, chosen: readonly RoutedFault[]) => {
  const models = chosen.map(modelOf);
  return {
    MILLRACE_LLM_BASE_URL: faulty,
    MILLRACE_LLM_BACK_ENDS: JSON.stringify([
      { name: 'faulty', base_url: faulty, models, weight: 1 },
      { name: 'sound', base_url: sound, models, weight: 0 },
    ]),
    MILLRACE_LLM_FIRST_BYTE_TIMEOUT_MS: String(faultPatience.firstByteMs),
    MILLRACE_LLM_IDLE_TIMEOUT_MS: String(faultPatience.idleMs),
    MILLRACE_GENERATION_MAX_SECONDS: String(faultPatience.answerSeconds),
  };
};

async function viewsOf(client: Client, routed: RoutedFault) {
  const { route, fault } = routed;
  const asked = settings.flatMap((setting) => ways.map((way) => ({ setting, way })));
  const views = asked.map(async ({ setting, way }) => {
    const id = `${route.name}.${fault.name.replaceAll(/[^\w.-]+/g, '-')}.${setting}.${way}`;
    const asked = { route, model: modelOf(routed), requestId: id };
    const question = { ...asked, ...(setting === 'alone' && { backEnd: 'default' }) };
    const view = await (way === 'stream' ? viewOfStream : viewOfWhole)(client, question);
    return { setting, way, id, view };
  });
  return { route, fault, views: await Promise.all(views) };
}

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
  played.flatMap((seen) =>
    settings.flatMap((setting) =>
      ways
        .filter((way) => seen[setting][way].view.end === 'stop' && seen[setting][way].view.text !== told())
        .map((way) => `${nameOf(seen)}, ${setting}, ${way}`),
    ),
  );
