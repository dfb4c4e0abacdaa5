import type {
  ChatCompletion,
  ChatCompletionChunk,
  Completion,
  CompletionChunk,
  Response,
  ResponseEvent,
} from '@millrace/contracts';
import { faults, textFaults, type ClientView, type Fault } from '@millrace/testing';
import { endOf, isError, type ErrorBody, type ToldEnd } from './told-failure.ts';

type Told = Omit<ClientView, 'status'>;

/** A route that answers, what may go wrong behind it, and how its answers are read. */
export interface AnswerRoute {
  readonly name: string;
  readonly path: string;
  readonly question: object;
  readonly faults: readonly Fault[];
  readonly whole: (body: unknown) => Told;
  readonly streamed: (frames: readonly unknown[]) => Told;
}

const asked = 'How is it at the mill?';
const done = '[DONE]';

/** One finish reason and then `[DONE]`, or one error. */
const choicesOf = <F extends { choices: readonly { finish_reason?: string | null }[] }>(
  frames: readonly unknown[],
  textOf: (choice: F['choices'][number]) => string | null | undefined,
): Told => {
  const choices = (frames as (F | ErrorBody | string)[]).map((frame) =>
    typeof frame === 'object' && 'choices' in frame ? frame.choices[0] : undefined,
  );
  const signs = frames.flatMap((frame, at): (string | ErrorBody)[] => {
    if (frame === done) return [done];
    if (isError(frame)) return [frame];
    const reason = choices[at]?.finish_reason;
    return reason ? [reason] : [];
  });
  const text = choices.map((choice) => (choice && textOf(choice)) ?? '').join('');
  return { text, ...endOf(signs, ([second, ...more]) => second === done && more.length === 0) };
};

const chat: AnswerRoute = {
  name: 'chat',
  path: '/v1/chat/completions',
  question: { messages: [{ role: 'user', content: asked }], millrace: { retrieval: false } },
  faults,
  whole: (body) => {
    const [choice] = (body as ChatCompletion).choices;
    return { text: choice!.message.content ?? '', end: choice!.finish_reason };
  },
  streamed: (frames) => choicesOf<ChatCompletionChunk>(frames, ({ delta }) => delta.content),
};

const completions: AnswerRoute = {
  name: 'completions',
  path: '/v1/completions',
  question: { prompt: asked },
  faults: textFaults,
  whole: (body) => {
    const [choice] = (body as Completion).choices;
    return { text: choice!.text, end: choice!.finish_reason };
  },
  streamed: (frames) => choicesOf<CompletionChunk>(frames, ({ text }) => text),
};

/** Read as a chat's: the table says what is to come of it in its terms. */
const responses: AnswerRoute = {
  name: 'responses',
  path: '/v1/responses',
  question: { input: asked },
  faults,
  whole: (body) => toldBy(body as Response),
  streamed: (frames) => {
    const last = frames.at(-1) as ResponseEvent | ErrorBody;
    const ends = (frames as ResponseEvent[]).filter(({ type }) => isLast(type));
    const text = (frames as ResponseEvent[])
      .map((event) => (event.type === 'response.output_text.delta' ? event.delta : ''))
      .join('');
    if (!('type' in last) || ends.length !== 1 || ends[0] !== last || !('response' in last))
      return { text, end: `${ends.map(({ type }) => type).join(', ')} and another end` };
    const told = toldBy(last.response);
    return told.text === text ? told : { text, end: 'another text in the last event' };
  },
};

const isLast = (type: unknown): boolean =>
  typeof type === 'string' && /^response\.(completed|incomplete|failed)$/.test(type);

function toldBy(response: Response): Told {
  const text = response.output
    .flatMap((item) => (item.type === 'message' ? item.content : []))
    .map((part) => (part.type === 'output_text' ? part.text : ''))
    .join('');
  return { text, ...endOfResponse(response) };
}

function endOfResponse({ status, error, incomplete_details }: Response): ToldEnd {
  if (error) {
    const { code, retry_after } = error.millrace;
    return {
      ...{ end: code, message: error.message },
      ...(retry_after !== undefined && { retryAfter: retry_after }),
    };
  }
  if (status === 'completed') return { end: 'stop' };
  return { end: incomplete_details?.reason === 'max_output_tokens' ? 'length' : status };
}

export const answerRoutes: readonly AnswerRoute[] = [chat, completions, responses];
