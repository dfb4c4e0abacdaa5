import type { ChatCompletionChunk } from '@millrace/contracts';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { send, type Input } from './client.ts';
import { isErrorAnswer, Problem, problemOf } from './problem.ts';

/**
 * The frames of a streamed answer. Throws the server's own words when it fails on the way, and when it ends without its
 * last frame: a broken answer must not look complete.
 */
export async function* streamAnswer(
  messages: NonNullable<Input<'chatCompletions'>['body']>['messages'],
  signal: AbortSignal,
): AsyncGenerator<ChatCompletionChunk> {
  const response = await send('chatCompletions', { body: { messages, stream: true }, signal });
  if (!response.body) throw brokenOff();
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  try {
    for (;;) {
      const { value, done } = await events.read().catch((error: unknown) => {
        throw signal.aborted ? error : brokenOff();
      });
      if (done) throw brokenOff();
      if (value.data === '[DONE]') return;
      yield frameOf(value.data);
    }
  } finally {
    // Nothing more is wanted; the connection may have gone already.
    await events.cancel().catch(() => undefined);
  }
}

function frameOf(data: string): ChatCompletionChunk {
  const frame: unknown = JSON.parse(data);
  if (isErrorAnswer(frame)) throw problemOf(frame);
  return frame as ChatCompletionChunk;
}

const brokenOff = (): Problem => new Problem('The answer broke off before its end.');
