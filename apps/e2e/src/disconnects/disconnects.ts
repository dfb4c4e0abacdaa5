import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { events, type EventData } from '@millrace/contracts';
import { MockBackEnd, randomNumbers, treeMegabytes } from '@millrace/testing';
import type { Client } from '../client.ts';
import { Server } from '../harness.ts';
import { published } from '../outside/event-file.ts';
import { lastWord, phases, playFor, Question, type Phase } from './questions.ts';

export interface DisconnectsOptions {
  readonly questions: number;
  readonly seed: number;
}

export interface DisconnectsResult {
  readonly left: Readonly<Record<Phase, number>>;
  /** Milliseconds from an asker's leaving until the back end was let go of, where it had been asked. */
  readonly letGoMs: readonly number[];
  /** Requests that the back end still worked on a second after the last asker had left. */
  readonly orphans: number;
  /** Questions that have no usage record, or several. */
  readonly unrecorded: readonly string[];
  /** How often each outcome was recorded. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Resident memory of the server after a fifth of the questions, and after all, MB. */
  readonly memory: { readonly early: number; readonly late: number };
}

const atATime = 8;
/** So long an asker waits at most for what he means to leave at. */
const patienceMs = 15_000;

/** Askers of streamed answers who leave at random moments, while the back end would go on for ever. */
export async function leaveAtRandom({
  questions: count,
  seed,
}: DisconnectsOptions): Promise<DisconnectsResult> {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-disconnects-'));
  const random = randomNumbers(seed);
  const questions = new Map<string, Question>();
  const backEnd = new MockBackEnd(playFor(questions));
  const env = { MILLRACE_LLM_BASE_URL: await backEnd.listen() };
  const server = await Server.start({ profile: 'standalone', dataDir, keep: true, env });
  const left: Record<Phase, number> = { preparing: 0, waiting: 0, telling: 0, ending: 0 };
  const letGoMs: number[] = [];
  let begun = 0;
  let early = 0;
  const askers = Array.from({ length: atATime }, async () => {
    while (begun < count) {
      const phase = phases[Math.floor(random() * phases.length)]!;
      const question = new Question(`${phase}.${++begun}`, phase);
      questions.set(question.name, question);
      if (begun === Math.ceil(count / 5)) early = treeMegabytes(server.pid);
      const leftAt = await askAndLeave(server.url, question, random);
      left[phase] += 1;
      const millis = await untilLetGo(question, leftAt);
      if (millis !== undefined) letGoMs.push(millis);
    }
  });
  try {
    await putSomething(server.client());
    await Promise.all(askers);
    await pause(1_000);
    const orphans = backEnd.underWay;
    const late = treeMegabytes(server.pid);
    await server.stop();
    return { left, letGoMs, orphans, ...recordsOf(dataDir, questions), memory: { early, late } };
  } finally {
    await server.stop();
    await backEnd.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** So that there is something to look up. */
async function putSomething(client: Client): Promise<void> {
  await client.put('mill', { text: 'The mill grinds barley on Mondays and wheat on all other days.' });
  await client.waitFor('mill', 'indexed');
}

/** `performance.now()` when he left. The question is on its way by then, all of it. */
async function askAndLeave(url: string, question: Question, random: () => number): Promise<number> {
  const { name, phase } = question;
  const asking = request(`${url}/v1/chat/completions`, {
    ...{ method: 'POST', agent: false },
    headers: { 'content-type': 'application/json', 'x-request-id': name },
  });
  const answer = new Promise<IncomingMessage>((resolve, reject) =>
    asking.once('response', resolve).once('error', reject),
  );
  answer.catch(() => undefined);
  const messages = [{ role: 'user', content: `What is ground on day ${name}?` }];
  const millrace = { retrieval: { least_support: 0 } };
  asking.end(JSON.stringify({ model: name, stream: true, messages, millrace }));
  await soon(once(asking, 'finish'), name);
  if (phase === 'preparing') await pause(random() * 15);
  if (phase === 'waiting') {
    await soon(question.asked, name);
    await pause(random() * 50);
  }
  if (phase === 'telling') await soon(read(answer, 1 + Math.floor(random() * 20)), name);
  if (phase === 'ending') await soon(read(answer, Infinity, lastWord), name);
  asking.destroy();
  return performance.now();
}

/** So many pieces of an answer, or until it holds what is waited for. */
async function read(answer: Promise<IncomingMessage>, pieces: number, until?: string): Promise<void> {
  let [text, count] = ['', 0];
  for await (const piece of await answer) {
    text += String(piece);
    if (++count >= pieces || (until !== undefined && text.includes(until))) return;
  }
}

/** Undefined where the back end was never asked. */
async function untilLetGo(question: Question, leftAt: number): Promise<number | undefined> {
  for (const end = leftAt + patienceMs; question.isAsked && question.letGoAt === undefined;) {
    if (performance.now() > end) return Infinity;
    await pause(5);
  }
  // One that is let go of because it was over may be so before he leaves.
  return question.letGoAt === undefined ? undefined : Math.max(0, question.letGoAt - leftAt);
}

function recordsOf(dataDir: string, questions: ReadonlyMap<string, Question>) {
  const outcomes: Record<string, number> = {};
  const times = new Map<string, number>();
  for (const record of published(dataDir, events.answerCompleted.name)) {
    const { requestId, outcome } = record as EventData<typeof events.answerCompleted>;
    times.set(requestId, (times.get(requestId) ?? 0) + 1);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  const unrecorded = [...questions.keys()].filter((name) => times.get(name) !== 1);
  return { unrecorded, outcomes };
}

const soon = <T>(what: Promise<T>, name: string): Promise<T> =>
  Promise.race([
    what,
    pause(patienceMs, undefined, { ref: false }).then(() => {
      throw new Error(`${name}: nothing came`);
    }),
  ]);
