import { errors, MillraceError, type ErrorCode } from '@millrace/contracts';
import type { Play } from '../plays.ts';
import { counted, told } from './told-text.ts';

/** One row of the table: what a back end does, and what is to come of it. */
export interface Fault {
  readonly name: string;
  readonly play: Play;
  /** It is spoken to over TLS, and nobody vouches for its certificate. */
  readonly untrusted?: true;
  /** Where there is no other back end that could answer. */
  readonly alone: Outcome;
}

/** What is to come of it where a sound one stands behind it: that one answers, as long as nothing has been said. */
export function withAnother({ alone }: Fault): Outcome {
  const { text, end } = alone.stream;
  const mayFailOver = text === '' && end in errors && errors[end as ErrorCode].retryable;
  return mayFailOver ? ends() : alone;
}

export interface Outcome {
  /** What a client sees that asks for a stream, and one that asks for the answer whole. */
  readonly stream: ClientView;
  readonly whole: ClientView;
  readonly record: UsageRecorded;
}

/** An answer as a client sees it. */
export interface ClientView {
  readonly status: number;
  readonly text: string;
  /** A finish reason, with `[DONE]` behind it in a stream; or the code of an error, and then nothing more. */
  readonly end: string;
  readonly message?: string;
  readonly retryAfter?: number;
}

/** What the usage record says. */
export interface UsageRecorded {
  readonly outcome: 'complete' | 'truncated' | 'failed';
  readonly completionTokens: number;
  readonly estimated: boolean;
}

/** What faults take for granted of how long they are waited for. */
export const faultPatience = { firstByteMs: 1_500, idleMs: 1_500, answerSeconds: 5 };

const estimate = (text: string) => ({ completionTokens: Math.ceil(text.length / 4), estimated: true });

interface Ending {
  readonly text?: string;
  readonly end?: 'stop' | 'length';
  readonly isCounted?: boolean;
}

/** The whole text, whatever was wrong on the way; or what an end other than `stop` says that it is. */
export function ends({ text = told(), end = 'stop', isCounted = true }: Ending = {}): Outcome {
  const view: ClientView = { status: 200, text, end };
  const outcome = end === 'stop' ? 'complete' : 'truncated';
  const { completionTokens } = counted;
  const usage = isCounted ? { completionTokens, estimated: false } : estimate(text);
  return { stream: view, whole: view, record: { outcome, ...usage } };
}

interface Breaking {
  readonly detail?: string;
  /** What a stream has told until then; nothing: it never began, and is answered with a status. */
  readonly after?: string;
  readonly retryAfter?: number;
}

/** An error that says so. */
export function breaks(code: ErrorCode, { detail, after = '', ...more }: Breaking): Outcome {
  const { status, retryable } = errors[code];
  const retryAfter = more.retryAfter ?? (retryable ? retryAfterFailure : undefined);
  const { message } = new MillraceError(code, { detail });
  const whole: ClientView = {
    ...{ status, text: '', end: code, message },
    ...(retryAfter !== undefined && { retryAfter }),
  };
  return {
    stream: after === '' ? whole : { ...whole, status: 200, text: after },
    whole,
    record: { outcome: 'failed', ...estimate(after) },
  };
}

/** Seconds that an error is told with where the back end names none. */
const retryAfterFailure = 5;
