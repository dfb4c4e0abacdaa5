import { createParser } from 'eventsource-parser';
import type { Client } from './client.ts';

/** The data of each event that answers a request, `[DONE]` as it is. */
export async function framesOf(client: Client, path: string, body: object): Promise<unknown[]> {
  return framesIn(await (await client.open('POST', path, body)).text());
}

export function framesIn(stream: string): unknown[] {
  const frames: unknown[] = [];
  const parser = createParser({
    onEvent: ({ data }) => void frames.push(data === '[DONE]' ? data : JSON.parse(data)),
  });
  parser.feed(stream);
  return frames;
}
