import {
  complaint,
  deadLetter,
  deadLetterTopic,
  MillraceError,
  type AnyEventSpec,
  type DeadLetter,
} from '@millrace/contracts';
import type { LogRecord } from '@millrace/ports';
import { maxDepth } from '../json-bounds.ts';
import { decodeEvent } from './event-codec.ts';
import type { TopicHandler } from './event-consumer.ts';
import type { EventContext } from './handlers.ts';
import { readJson } from './read-json.ts';

type Handle<D> = (data: D, context: EventContext) => Promise<void>;

export const eventHandler = (spec: AnyEventSpec, run: Handle<never>, keysAtOnce: number): TopicHandler => ({
  topic: spec.name,
  decode: (record) => decodeEvent(spec, record),
  handle: oneByOne(run),
  atOnce: 1,
  keysAtOnce,
});

export const deadLetterHandler = (origin: string, run: Handle<DeadLetter>): TopicHandler => ({
  topic: deadLetterTopic(origin),
  decode: readLetter,
  handle: oneByOne(run),
  atOnce: 1,
});

const oneByOne =
  <D>(run: Handle<D>): TopicHandler['handle'] =>
  async (inputs, signal) => {
    for (const { data, ...record } of inputs) await run(data as D, { signal, ...record });
  };

/** In a letter the message lies two levels down. */
function readLetter({ value }: LogRecord): DeadLetter {
  const parsed = deadLetter.safeParse(readJson(value, maxDepth + 2));
  if (parsed.success) return parsed.data;
  throw new MillraceError('invalid_event', complaint(parsed.error));
}
