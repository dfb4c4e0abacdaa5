import { randomUUID } from 'node:crypto';
import { Agent, createServer, request } from 'node:http';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { RedisRequestReply } from '@millrace/adapters/bullmq';
import type { RequestReply } from '@millrace/ports';
import { HttpRequestReply } from './http-request-reply.ts';

/** A way of calling another process. The input and the output are those of a question's embedding. */
export interface Contender {
  readonly serve: (url: string) => Promise<void>;
  readonly connect: (url: string) => Promise<{ call: () => Promise<unknown>; close: () => Promise<void> }>;
}

const prefix = 'bench-calls';
const method = 'embed';
const httpPort = 18_399;
const input = { texts: ['How long may the goods be kept in the cold store?'] };
const output = { vectors: [Array.from({ length: 384 }, (_, n) => Math.sin(n))], tokens: 12 };

/** The port that services call each other by, one of its adapters behind it. */
const byPort = (open: (url: string) => RequestReply): Contender => ({
  serve: async (url) => {
    const handler = async (): Promise<unknown> => output;
    await open(url).serve(method, { concurrency: 64, maxWaiting: 1_000, handler });
  },
  connect: async (url) => {
    const caller = open(url);
    const call = () => caller.call(method, input, { deadline: Date.now() + 10_000 });
    return { call, close: () => caller.close() };
  },
});

const requestReply = byPort((url) => new RedisRequestReply({ url, prefix }));

const httpBehindPort = byPort(() => new HttpRequestReply(httpPort));

/** BullMQ at its plainest: a job for each call, its worker publishes the reply. */
const bullmq: Contender = {
  serve: async (url) => {
    const replies = new Redis(url);
    const connection = new Redis(url, { maxRetriesPerRequest: null });
    const run = async (job: { data: { replyTo: string; id: string } }): Promise<void> => {
      await replies.publish(job.data.replyTo, JSON.stringify({ id: job.data.id, output }));
    };
    const options = { connection, prefix, concurrency: 64, removeOnComplete: { count: 0 } };
    await new Worker(method, run, options).waitUntilReady();
  },
  connect: async (url) => {
    const replyTo = `${prefix}:${randomUUID()}`;
    const waiting = new Map<string, (output: unknown) => void>();
    const connection = new Redis(url);
    const subscriber = new Redis(url);
    subscriber.on('message', (_channel, message) => {
      const reply = JSON.parse(message) as { id: string; output: unknown };
      waiting.get(reply.id)?.(reply.output);
      waiting.delete(reply.id);
    });
    await subscriber.subscribe(replyTo);
    const queue = new Queue(method, { connection, prefix });
    const call = async (): Promise<unknown> => {
      const id = randomUUID();
      const answered = new Promise((resolve) => waiting.set(id, resolve));
      await queue.add('call', { id, replyTo, input }, { removeOnComplete: true });
      return answered;
    };
    const close = async (): Promise<void> => {
      await queue.close();
      connection.disconnect();
      subscriber.disconnect();
    };
    return { call, close };
  },
};

/** The bare server and client of Node, connections kept. */
const http: Contender = {
  serve: async () => {
    const server = createServer((incoming, answer) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('end', () => {
        JSON.parse(Buffer.concat(parts).toString());
        answer.end(JSON.stringify(output));
      });
    });
    await new Promise<void>((resolve) => server.listen(httpPort, '127.0.0.1', resolve));
  },
  connect: async () => {
    const agent = new Agent({ keepAlive: true });
    const call = (): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const sent = request({ port: httpPort, host: '127.0.0.1', method: 'POST', agent }, (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('end', () => resolve(JSON.parse(Buffer.concat(parts).toString())));
        });
        sent.on('error', reject);
        sent.end(JSON.stringify(input));
      });
    return { call, close: async () => agent.destroy() };
  },
};

export const contenders = { http, httpBehindPort, requestReply, bullmq } satisfies Record<string, Contender>;
export type ContenderName = keyof typeof contenders;

/** One process of it: answers calls until it is killed. Arguments: contender, address of Redis. */
export async function runCallee(): Promise<void> {
  const [name, url] = process.argv.slice(-2) as [ContenderName, string];
  await contenders[name].serve(url);
  process.send?.('serving');
}
