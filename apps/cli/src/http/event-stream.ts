import { EventSourceParserStream } from 'eventsource-parser/stream';
import { CliError, ConnectionError } from '../errors.ts';
import { apiError } from './problems.ts';

const last = '[DONE]';

/**
 * The frames of a stream of server-sent events up to `[DONE]`, parsed. An error frame is thrown; so is an end without
 * `[DONE]`, because a broken answer must not look complete.
 */
export async function* readFrames(response: Response): AsyncGenerator<unknown> {
  if (!response.body || !response.headers.get('content-type')?.startsWith('text/event-stream'))
    throw new CliError('The server did not answer with a stream. Is it a Millrace? Check --url.');
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { data } of events) {
    if (data === last) return;
    const frame = parse(data);
    if (typeof frame === 'object' && frame !== null && 'error' in frame) throw apiError(500, frame);
    yield frame;
  }
  throw new ConnectionError('The answer broke off before its end. Try again.');
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    throw new ConnectionError('The answer holds a frame that cannot be read. Try again.');
  }
}
