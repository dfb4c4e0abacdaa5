import { setTimeout as pause } from 'node:timers/promises';
import { tone } from '@millrace/testing';
import type { Client } from '../client.ts';

/** One kind of request, and what its whole answer must be to count. */
interface Request {
  readonly name: string;
  readonly send: (client: Client, n: number) => Promise<Response>;
  readonly isWhole?: (body: string) => boolean;
}

const question = [{ role: 'user', content: 'Where was the barley ground?' }];

/** What callers ask, in turns: every service is behind one of these. */
const requests: readonly Request[] = [
  {
    name: 'push',
    send: (client, n) => client.open('PUT', `/v1/documents/doc-${n}`, { text: textOf(n) }),
  },
  { name: 'search', send: (client) => client.open('POST', '/v1/search', { query: 'barley' }) },
  {
    name: 'chat',
    send: (client) => client.open('POST', '/v1/chat/completions', { stream: true, messages: question }),
    isWhole: (body) => body.trimEnd().endsWith('data: [DONE]') && !body.includes('"error"'),
  },
  { name: 'status', send: (client) => client.open('GET', '/v1/documents?limit=5') },
  {
    name: 'embed',
    send: (client) =>
      client.open('POST', '/v1/embeddings', { model: 'all-minilm-l6-v2', input: 'a sack of barley' }),
  },
  { name: 'moderate', send: (client) => client.open('POST', '/v1/moderations', { input: 'a kind word' }) },
  { name: 'transcribe', send: (client) => client.open('POST', '/v1/audio/transcriptions', recording()) },
];

export const textOf = (n: number): string =>
  `Sack number${n} of barley was ground at the weir within the hour.`;

/** Answers by kind of request: `ok`, or what came in its place. */
export type Answers = Record<string, Record<string, number>>;

/** Longer than anything is drained for. */
const patienceMs = 60_000;
const betweenMs = 150;

/** Callers that go on until they are told to stop, each at one of the addresses that take requests now. */
export class Callers {
  readonly answers: Answers = {};
  /** Numbers of the documents whose push was acknowledged. */
  readonly pushed: number[] = [];
  /** Milliseconds of each request. */
  readonly durations: number[] = [];
  private made = 0;
  private stopped = false;
  private running: Promise<unknown> = Promise.resolve();

  /** @param open the addresses in rotation, as a load balancer knows them */
  constructor(private readonly open: () => readonly Client[]) {}

  start(callers: number): void {
    this.running = Promise.all(Array.from({ length: callers }, () => this.call()));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async call(): Promise<void> {
    while (!this.stopped) {
      const n = ++this.made;
      const clients = this.open();
      await this.ask(requests[n % requests.length]!, clients[n % clients.length]!, n);
      await pause(betweenMs);
    }
  }

  private async ask(request: Request, client: Client, n: number): Promise<void> {
    const began = performance.now();
    const answer = await Promise.race([this.outcome(request, client, n), late()]);
    this.durations.push(performance.now() - began);
    const counts = (this.answers[request.name] ??= {});
    counts[answer] = (counts[answer] ?? 0) + 1;
    if (request.name === 'push' && answer === 'ok') this.pushed.push(n);
  }

  private async outcome({ send, isWhole = () => true }: Request, client: Client, n: number): Promise<string> {
    try {
      const response = await send(client, n);
      const body = await response.text();
      if (!response.ok) return `${response.status} ${/"code":"(\w+)"/.exec(body)?.[1] ?? ''}`;
      return isWhole(body) ? 'ok' : 'broken off';
    } catch (error) {
      const { cause } = error as { cause?: { code?: string } };
      return cause?.code ?? (error as Error).name;
    }
  }
}

const late = (): Promise<string> => pause(patienceMs, 'no answer', { ref: false });

function recording(): FormData {
  const form = new FormData();
  form.set('file', new Blob([tone()]), 'tone.wav');
  return form;
}
