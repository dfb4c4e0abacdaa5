import { Agent, request, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { expectedText, pace } from './paced-model.ts';

/** What callers saw of streams of the paced model, in ms. */
export interface StreamTimes {
  /** Until the first content, of each stream. */
  readonly first: number[];
  /** Between two frames with content, of all streams. */
  readonly gaps: number[];
  /** Streams whose text came whole, with its end. */
  whole: number;
  /** Streams that came to nothing or had less than the whole text, and why the first did. */
  flawed: number;
  flaw?: string;
}

export interface StreamLoad {
  readonly base: string;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** Under way at any time. */
  readonly streams: number;
  /** One after the other, of each. */
  readonly rounds: number;
  readonly signal: AbortSignal;
}

export const noTimes = (): StreamTimes => ({ first: [], gaps: [], whole: 0, flawed: 0 });

/** Keeps so many streams under way, whose beginnings are spread evenly over the time that one takes. */
export async function sustain(load: StreamLoad, into = noTimes()): Promise<StreamTimes> {
  const { streams, rounds, signal } = load;
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const apart = (pace.deltas * pace.everyMs) / streams;
  const one = async (_: unknown, n: number): Promise<void> => {
    await pause(n * apart, undefined, { signal });
    for (let round = 0; round < rounds; round++)
      await readStream(load, agent, into).catch((error: unknown) => noteFlaw(into, String(error)));
  };
  try {
    await Promise.all(Array.from({ length: streams }, one));
  } finally {
    agent.destroy();
  }
  return into;
}

function noteFlaw(into: StreamTimes, flaw: string): void {
  into.flawed += 1;
  into.flaw ??= flaw;
}

async function readStream(load: StreamLoad, agent: Agent, into: StreamTimes): Promise<void> {
  const began = performance.now();
  const response = await post(load, agent);
  if (response.statusCode !== 200) {
    response.resume();
    return noteFlaw(into, `status ${response.statusCode}`);
  }
  let text = '';
  let isComplete = false;
  let last = 0;
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data === '[DONE]') return;
      const { content, finish } = readFrame(data);
      isComplete ||= finish;
      if (content === '') return;
      const now = performance.now();
      if (last === 0) into.first.push(now - began);
      else into.gaps.push(now - last);
      last = now;
      text += content;
    },
  });
  for await (const part of response.setEncoding('utf8') as AsyncIterable<string>) parser.feed(part);
  if (text === expectedText && isComplete) into.whole += 1;
  else noteFlaw(into, `${text.length} of ${expectedText.length} characters came, ended: ${isComplete}`);
}

function readFrame(data: string): { readonly content: string; readonly finish: boolean } {
  const { choices } = JSON.parse(data) as {
    choices?: { delta?: { content?: string | null }; finish_reason?: string | null }[];
  };
  const [choice] = choices ?? [];
  return { content: choice?.delta?.content ?? '', finish: choice?.finish_reason === 'stop' };
}

function post({ base, body, headers, signal }: StreamLoad, agent: Agent): Promise<IncomingMessage> {
  const text = JSON.stringify({ ...body, stream: true });
  return new Promise((resolve, reject) => {
    const asked = request(`${base}/chat/completions`, {
      ...{ method: 'POST', agent, signal },
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers },
    });
    asked.on('response', resolve).on('error', reject).end(text);
  });
}
