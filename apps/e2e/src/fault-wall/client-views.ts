import type { ChatCompletion, ChatCompletionChunk } from '@millrace/contracts';
import type { ClientView } from '@millrace/testing';
import { createParser } from 'eventsource-parser';
import type { Client } from '../client.ts';

export interface Question {
  readonly model: string;
  /** Asked for by its name, so that no other one answers. */
  readonly backEnd?: string;
  readonly requestId: string;
}

/** A client that asks for the answer whole. */
export async function viewOfWhole(client: Client, question: Question): Promise<ClientView> {
  const response = await ask(client, question, false);
  const { status } = response;
  const body = (await response.json()) as ChatCompletion | ErrorBody;
  if ('error' in body) return { status, text: '', ...failureIn(body) };
  const [choice] = body.choices;
  return { status, text: choice!.message.content ?? '', end: choice!.finish_reason };
}

/** A client that asks for a stream. */
export async function viewOfStream(client: Client, question: Question): Promise<ClientView> {
  const response = await ask(client, question, true);
  const { status } = response;
  if (status !== 200) return { status, text: '', ...failureIn((await response.json()) as ErrorBody) };
  const frames = framesIn(await response.text());
  const chunks = frames.filter((frame) => typeof frame === 'object' && 'choices' in frame);
  const text = chunks.map(({ choices: [choice] }) => choice?.delta.content ?? '').join('');
  return { status, text, ...endOf(frames) };
}

interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly retry_after?: number };
}

const done = '[DONE]';
type Frame = ChatCompletionChunk | ErrorBody | typeof done;

const ask = (client: Client, { model, backEnd, requestId }: Question, stream: boolean): Promise<Response> =>
  client.open(
    'POST',
    '/v1/chat/completions',
    {
      ...{ model, stream, messages: [{ role: 'user', content: 'How is it at the mill?' }] },
      millrace: { retrieval: false },
    },
    { 'x-request-id': requestId, ...(backEnd !== undefined && { 'x-millrace-backend': backEnd }) },
  );

const failureIn = ({ error: { code, message, retry_after } }: ErrorBody) => ({
  ...{ end: code, message },
  ...(retry_after !== undefined && { retryAfter: retry_after }),
});

function framesIn(stream: string): Frame[] {
  const frames: Frame[] = [];
  const parser = createParser({
    onEvent: ({ data }) => void frames.push(data === done ? done : (JSON.parse(data) as Frame)),
  });
  parser.feed(stream);
  return frames;
}

/** One finish reason and then `[DONE]`, or one error: whatever else says how a stream ends is told as it stands there. */
function endOf(frames: readonly Frame[]): Pick<ClientView, 'end' | 'message' | 'retryAfter'> {
  const signs = frames.flatMap((frame): (string | ErrorBody)[] => {
    if (frame === done) return [done];
    if ('error' in frame) return [frame];
    const reason = frame.choices[0]?.finish_reason;
    return reason ? [reason] : [];
  });
  const [first, second, ...more] = signs;
  if (typeof first === 'object' && second === undefined) return failureIn(first);
  if (typeof first === 'string' && second === done && more.length === 0) return { end: first };
  return { end: signs.map((sign) => (typeof sign === 'string' ? sign : sign.error.code)).join(', ') };
}
