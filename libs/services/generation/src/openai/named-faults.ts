import { MillraceError } from '@millrace/contracts';
import type { Answer } from '../answers/answer.ts';

/**
 * The same answer to a request that was put into the words of a chat: its errors name the fields that the caller knows.
 * @param names of his fields, by those of a chat
 */
export async function* namingFaults(
  answer: AsyncIterable<Answer>,
  names: Readonly<Record<string, string>>,
): AsyncGenerator<Answer> {
  try {
    yield* answer;
  } catch (thrown) {
    throw renamed(thrown, names);
  }
}

function renamed(thrown: unknown, names: Readonly<Record<string, string>>): unknown {
  if (!(thrown instanceof MillraceError) || thrown.param === undefined) return thrown;
  const field = thrown.param.split('.')[0]!;
  if (!Object.hasOwn(names, field)) return thrown;
  const { code, detail, retryAfter, cause } = thrown;
  return new MillraceError(code, { param: names[field], detail, retryAfter, cause });
}
