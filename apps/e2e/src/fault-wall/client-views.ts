import type { ClientView } from '@millrace/testing';
import type { Client } from '../client.ts';
import { framesIn } from '../event-frames.ts';
import type { AnswerRoute } from './answer-routes.ts';
import { failureIn, isError } from './told-failure.ts';

export interface Question {
  readonly route: AnswerRoute;
  readonly model: string;
  /** Asked for by its name, so that no other one answers. */
  readonly backEnd?: string;
  readonly requestId: string;
}

/** A client that asks for the answer whole. */
export async function viewOfWhole(client: Client, question: Question): Promise<ClientView> {
  const response = await ask(client, question, false);
  const body: unknown = await response.json();
  const { status } = response;
  return isError(body) ? { status, text: '', ...failureIn(body) } : { status, ...question.route.whole(body) };
}

/** A client that asks for a stream. */
export async function viewOfStream(client: Client, question: Question): Promise<ClientView> {
  const response = await ask(client, question, true);
  const { status } = response;
  if (status === 200) return { status, ...question.route.streamed(framesIn(await response.text())) };
  const body: unknown = await response.json();
  return { status, text: '', ...(isError(body) ? failureIn(body) : { end: 'no error' }) };
}

const ask = (client: Client, { route, model, ...asked }: Question, stream: boolean): Promise<Response> =>
  client.open(
    'POST',
    route.path,
    { model, stream, ...route.question },
    {
      'x-request-id': asked.requestId,
      ...(asked.backEnd !== undefined && { 'x-millrace-backend': asked.backEnd }),
    },
  );
