import type { Response, ResponseEvent } from '@millrace/contracts';
import type { Answer } from '../../answers/answer.ts';
import type { ToldResponse } from './told-response.ts';

/** The whole response. Rejects where the answer fails. */
export async function wholeResponse(answer: AsyncIterable<Answer>, told: ToldResponse): Promise<Response> {
  for await (const part of answer) for (const event of told.take(part)) void event;
  if (!told.whole) throw new Error('an answer without an end');
  return told.whole;
}

/** OpenAI's events, numbered. What fails before the first rejects; after it, `response.failed` is the last. */
export async function* responseEvents(
  answer: AsyncIterable<Answer>,
  told: ToldResponse,
): AsyncGenerator<ResponseEvent> {
  let sequence_number = 0;
  try {
    for await (const part of answer)
      for (const event of told.take(part)) yield { ...event, sequence_number: sequence_number++ };
  } catch (thrown) {
    if (sequence_number === 0) throw thrown;
    yield { ...told.failed(thrown), sequence_number };
  }
}
